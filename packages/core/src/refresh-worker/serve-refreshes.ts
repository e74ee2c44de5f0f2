import { refuseOtherKind } from '../errors/unknown-options.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { isRecord } from '../platform/is-record.js'
import { startTimer, timeoutSignal } from '../platform/timer.js'
import type { RefreshMessage, RefreshReply, RefreshResponse } from './refresh-message.js'

/** The part of a shared worker's global scope that is used. */
export interface SharedWorkerScope {
  readonly fetch: typeof fetch
  addEventListener(type: 'connect', listener: (event: MessageEvent<unknown>) => void): void
}

/** How long the response of a rotation is kept for the page that requests it again after a reload. */
const KEPT_MS = 60_000
const TIMEOUT_MS = 60_000
/** As in the page: no response of a token endpoint comes near it. */
const MAX_BYTES = 1_048_576

interface Answer {
  readonly response: RefreshResponse
  /** Milliseconds since the epoch. */
  readonly at: number
}

/**
 * Serves pages that use `refreshInWorker`, in the app's shared worker file: sends their refresh requests, so that a request does not end
 * with the page. The response of a rotation is kept in memory for a minute. A page that sends the same refresh token again, because it
 * was reloaded in the middle, gets that response, and the server sees no second use of the refresh token.
 *
 * @example
 * import { serveRefreshes } from '@latchkey/core/refresh-worker/host'
 * serveRefreshes()
 */
export function serveRefreshes(scope: SharedWorkerScope = globalThis): void {
  if (IS_DEVELOPMENT) {
    const isScope = 'addEventListener' in (Object(scope) as object)
    refuseOtherKind('serveRefreshes()', 'scope', [
      isScope ? scope : typeof scope === 'object' ? undefined : scope,
      'object',
      'required',
    ])
  }
  const answers = new Map<string, Promise<Answer>>()
  const refresh = (message: RefreshMessage): Promise<Answer> => {
    const key = keyOf(message)
    const known = answers.get(key)
    if (known) return known
    const answer = send(scope, message)
    answers.set(key, answer)
    const forget = (): unknown => answers.delete(key)
    answer.then(({ response }) => (isRotated(message, response) ? startTimer(forget, KEPT_MS) : forget()), forget)
    return answer
  }
  // Without the types and the checks of development, it may be anything.
  scope?.addEventListener?.('connect', ({ ports: [port] }) => {
    port?.addEventListener('message', ({ data }: MessageEvent<RefreshMessage>) => {
      const reply = (response?: RefreshResponse): void => port.postMessage({ id: data.id, response } satisfies RefreshReply)
      void refresh(data).then(
        (answer) => reply(aged(answer)),
        () => reply(),
      )
    })
    port?.start()
    port?.postMessage('ready')
  })
}

/** A proof or client assertion differs in every request; the refresh token and what is requested with it do not. */
function keyOf({ url, body }: RefreshMessage): string {
  const parameters = new URLSearchParams(body)
  parameters.delete('client_assertion')
  return `${url} ${parameters}`
}

async function send({ fetch }: SharedWorkerScope, { url, headers, body }: RefreshMessage): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: headers.map(([name, value]) => [name, value] as [string, string]),
    body,
    credentials: 'omit',
    redirect: 'manual',
    referrerPolicy: 'no-referrer',
    cache: 'no-cache',
    signal: timeoutSignal(TIMEOUT_MS),
  })
  const { type, status } = response
  return { response: { type, status, headers: [...response.headers], body: await readText(response) }, at: Date.now() }
}

/** The page refuses a longer response by itself, so what it gets need only be too long. */
async function readText({ body }: Response): Promise<string> {
  const chunks: Array<Uint8Array<ArrayBuffer>> = []
  let length = 0
  const reader = body?.getReader()
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done || length > MAX_BYTES) break
    chunks.push(value)
    length += value.length
  }
  await reader?.cancel()
  return new Blob(chunks).text()
}

function isRotated({ body }: RefreshMessage, response: RefreshResponse): boolean {
  const issued = parse(response.body)?.['refresh_token']
  return typeof issued === 'string' && issued !== new URLSearchParams(body).get('refresh_token')
}

/** The lifetime of the access token began when the response arrived here. */
function aged({ response, at }: Answer): RefreshResponse {
  const seconds = Math.floor((Date.now() - at) / 1000)
  const tokens = parse(response.body)
  const lifetime = Number(tokens?.['expires_in'])
  if (seconds < 1 || !(lifetime > 0)) return response
  return { ...response, body: JSON.stringify({ ...tokens, expires_in: Math.max(1, lifetime - seconds) }) }
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}
