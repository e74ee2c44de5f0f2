import { createError } from '../../errors/create-error.js'
import type { InteractionError } from '../../errors/errors.js'
import { abortError } from '../../platform/abort.js'
import type { Environment } from '../../platform/environment.js'
import { listenForResponse, responseChannelName } from './response-channel.js'
import type { NavigateRequest, Transport } from './transport.js'
import { unsupportedHere } from './unsupported-here.js'

const PATIENCE_MS = 10_000

/** A hidden frame asks the authorization server without the person noticing (`prompt=none`). */
export function iframeTransport(environment: Environment, patienceMs: number = PATIENCE_MS): Transport {
  return {
    name: 'iframe',
    prepare() {
      const { window: page, openChannel } = environment
      if (!page) throw unsupportedHere('iframe')
      if (!openChannel) throw unsupportedHere('iframe', 'BroadcastChannel')
      return {
        navigate: (request) => visit(page.document, openChannel(responseChannelName(request.state)), request, patienceMs),
        cancel: () => undefined,
      }
    },
  }
}

function visit(
  document: Document,
  channel: Parameters<typeof listenForResponse>[0],
  { url, redirectUri, signal }: NavigateRequest,
  patienceMs: number,
): Promise<URL> {
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.title = 'sign-in check'
  let loads = 0
  let stop: (() => void) | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  return new Promise<URL>((resolve, reject) => {
    if (signal?.aborted) return reject(abortError(signal))
    signal?.addEventListener('abort', () => reject(abortError(signal)))
    stop = listenForResponse(channel, new URL(redirectUri).origin, resolve)
    timer = setTimeout(() => reject(noAnswer(loads, patienceMs)), patienceMs)
    frame.addEventListener('load', () => (loads += 1))
    frame.src = url.href
    document.body.append(frame)
    return undefined
  }).finally(() => {
    clearTimeout(timer)
    stop?.()
    frame.remove()
  })
}

/** A frame that was refused loads an error page of the browser: nothing in it can be read, so the likely causes are named in order. */
function noAnswer(loads: number, patienceMs: number): InteractionError {
  const cause = loads
    ? 'The page in the frame loaded but sent no answer: the server may forbid framing (X-Frame-Options or frame-ancestors), or the redirect URI shows a page without Latchkey’s callback.'
    : 'The server did not answer in time.'
  return createError('iframe_blocked', `the silent sign-in got no answer within ${patienceMs / 1000} s`, {
    hint: `${cause} Where the browser blocks third-party cookies the server answers login_required instead; use refresh tokens, or { silent: "redirect" }.`,
    spec: 'OpenID Connect Core 1.0, section 3.1.2.1 (prompt=none)',
    retryable: true,
  })
}
