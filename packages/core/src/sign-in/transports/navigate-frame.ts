import { createError } from '../../errors/create-error.js'
import type { InteractionError } from '../../errors/errors.js'
import { abortError } from '../../platform/abort.js'
import type { Environment } from '../../platform/environment.js'
import { startTimer, type Timer } from '../../platform/timer.js'
import { listenForResponse } from './listen-for-response.js'
import { responseChannelName } from './response-channel.js'
import { FRAME_NAME, isSignInFrame } from '../windows.js'
import type { NavigateRequest } from './transport.js'

const TIMEOUT_MS = 10_000

/**
 * Navigates a hidden frame and waits for the response.
 *
 * @throws ConfigurationError unsupported; InteractionError iframe_blocked, aborted
 */
export async function navigateFrame(
  page: Window,
  { url, state, redirectUri, signal }: NavigateRequest,
  openChannel: Environment['openChannel'],
  timeoutMs: number = TIMEOUT_MS,
): Promise<URL> {
  if (!openChannel) throw createError('unsupported', 'Transport "iframe" needs a BroadcastChannel.')
  // The app that runs in the hidden frame of another sign-in would nest frames without end.
  if (isSignInFrame(page)) throw createError('iframe_blocked', ['nestedFrame'])
  const { document } = page
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.name = FRAME_NAME
  frame.title = 'sign-in check'
  let loads = 0
  let stop: (() => void) | undefined
  let timer: Timer | undefined
  return new Promise<URL>((resolve, reject) => {
    if (signal?.aborted) return reject(abortError(signal))
    signal?.addEventListener('abort', () => reject(abortError(signal)))
    stop = listenForResponse(openChannel(responseChannelName(state)), new URL(redirectUri).origin, resolve)
    timer = startTimer(() => reject(noResponse(loads, timeoutMs)), timeoutMs)
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

/** A blocked frame loads an error page of the browser, which cannot be read. So the error names the likely causes in order. */
function noResponse(loads: number, timeoutMs: number): InteractionError {
  const cause = loads
    ? 'The page in the frame loaded but sent no response: the server may forbid framing (X-Frame-Options or frame-ancestors), or the redirect URI shows a page without Latchkey’s callback.'
    : 'The server did not respond in time.'
  return createError('iframe_blocked', `The silent sign-in got no response within ${timeoutMs / 1000} s`, {
    hint: `${cause} If the browser blocks third-party cookies, the server responds with login_required instead; use refresh tokens, or { silent: "redirect" }.`,
    spec: 'OpenID Connect Core 1.0, section 3.1.2.1 (prompt=none)',
    retryable: true,
  })
}
