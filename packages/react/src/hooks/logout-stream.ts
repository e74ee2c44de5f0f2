import { OAuthClientError, type OAuthClient } from '@latchkey/core'

/** What is listened to. */
export interface LogoutStream {
  /** The URL of the stream, in the client's `resources`. */
  readonly url: string
  /** Aborts when the component is gone. */
  readonly signal: AbortSignal
  /** Called if the API refuses the stream; no more requests are sent. */
  readonly onRefused: (error: Error) => void
}

/** Milliseconds before the first and the later attempts. */
const PAUSE_MS = { first: 1000, last: 60_000 } as const

/** An event `logout`, with the blank line that ends it. @see HTML Standard, section 9.2.6 */
const LOGOUT = /(?:^|[\r\n])event: ?logout[\r\n](?:[^\r\n]+(?:\r\n|\r|\n))*(?:\r\n|\r|\n)/
/** Characters that an event may have. Streams never end, so the rest is dropped. */
const MAX_EVENT = 4096

/** Listens until the stream has the event `logout`, then ends the session in this browser. Connects again after a failure. Never rejects. */
export async function listenForLogout(client: OAuthClient<unknown>, stream: LogoutStream): Promise<void> {
  const { signal, onRefused } = stream
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      const result = await connect(client, stream)
      if (result === 'done') return
      if (result === 'ended') failures = 0
    } catch (error) {
      if (signal.aborted || client.getSnapshot().status === 'signed-out') return
      if (error instanceof OAuthClientError && error.code === 'resource_not_allowed') return onRefused(error)
    }
    await pause(Math.min(PAUSE_MS.first * 2 ** failures, PAUSE_MS.last), signal)
  }
}

/** Resolves with `done` if no other request must be sent, `ended` if the stream has ended, and `failed` if there was none. */
async function connect(
  client: OAuthClient<unknown>,
  { url, signal, onRefused }: LogoutStream,
): Promise<'done' | 'ended' | 'failed'> {
  const { status, ok, body } = await client.fetch(url, { signal, headers: { accept: 'text/event-stream' }, cache: 'no-store' })
  // With 204, the API does not want this client to connect again (HTML Standard, section 9.2.3).
  if (status !== 204 && !isRefusal(status)) {
    if (!ok || !body) return 'failed'
    if (!(await hasLogout(body))) return 'ended'
    // The authorization server has ended the session, and its tokens with it.
    await client.logout({ local: true, revoke: false })
  }
  if (isRefusal(status)) onRefused(new Error(`The stream of logout events responded with ${status}`))
  return 'done'
}

function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429
}

/** Resolves with false when the stream ends without the event. */
async function hasLogout(body: ReadableStream<Uint8Array>): Promise<boolean> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let result = await reader.read(); !result.done; result = await reader.read()) {
    text = (text + decoder.decode(result.value, { stream: true })).slice(-MAX_EVENT)
    if (!LOGOUT.test(text)) continue
    await reader.cancel().catch(() => undefined)
    return true
  }
  return false
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
