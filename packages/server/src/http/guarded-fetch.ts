import { isAllowedHost, type AllowedHosts } from './allowed-hosts.js'

/** From the request to the last byte. */
const TIMEOUT_MS = 5000
/** More than any key set or request object has. */
const MAX_BYTES = 262_144

/**
 * Wraps the `fetch` that all requests of this server are sent with. Their URLs come from clients, so none goes to this machine or a
 * private network unless the host allows it, none follows a redirect, and each ends after 5 seconds and 256 kB, also if `send` ignores
 * signals. A name is resolved by `send`, which must check its addresses. @see RFC 9101, section 10.4
 */
export function guardedFetch(send: typeof fetch, allowed: AllowedHosts): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (!/^https?:$/.test(url.protocol)) throw new TypeError('the URL must be https or http')
    if (!isAllowedHost(url, allowed))
      throw new TypeError('the URL leads to this machine or a private network: see "privateHosts"')
    const timeout = AbortSignal.timeout(TIMEOUT_MS)
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout
    const response = await untilAborted(send(input, { ...init, redirect: 'manual', signal }), signal)
    return checkResponse(response, signal)
  }
}

async function checkResponse(response: Response, signal: AbortSignal): Promise<Response> {
  const { status, type, redirected, headers, body } = response
  const isRedirect = type === 'opaqueredirect' || redirected || (status >= 300 && status < 400)
  const isTooLarge = Number(headers.get('content-length') ?? 0) > MAX_BYTES
  if (isRedirect || isTooLarge) {
    // Not awaited: it never ends for some streams.
    body?.cancel().catch(() => undefined)
    throw new TypeError(isRedirect ? 'redirects are not followed' : `the response is larger than ${MAX_BYTES} bytes`)
  }
  return body === null ? response : new Response(limited(body, signal), { status, headers })
}

/** Passes on a body up to the limits. */
function limited(body: ReadableStream<Uint8Array>, signal: AbortSignal): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let size = 0
  const stop = (reason: unknown): never => {
    reader.cancel(reason).catch(() => undefined)
    throw reason
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await untilAborted(reader.read(), signal).catch(stop)
        if (done) return controller.close()
        size += value.byteLength
        if (size > MAX_BYTES) stop(new TypeError(`the response is larger than ${MAX_BYTES} bytes`))
        controller.enqueue(value)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    // Reads nothing in advance.
    { highWaterMark: 0 },
  )
}

/** Rejects when the signal aborts, even if the work ignores it. */
function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new TypeError('the response took too long', { cause: signal.reason }))
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    const end = (): void => signal.removeEventListener('abort', abort)
    work.then(resolve, reject).then(end, end)
  })
}
