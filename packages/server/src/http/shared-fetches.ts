/** Milliseconds in which a result is used again. */
const FRESH = 5000
/** URLs whose results are kept. */
const MAX_RESULTS = 100
/** Requests that are sent at the same time. */
const MAX_SENT = 20

interface Shared {
  readonly result: Promise<string>
  readonly until: number
}

interface SharedFetches {
  readonly byUrl: Map<string, Shared>
  sent: number
}

const known = new WeakMap<object, SharedFetches>()

/**
 * Fetches text that anyone can make this server fetch: once at a time for each URL, again after some seconds at the earliest, also if it
 * failed, and not from more than a few URLs at the same time. @see RFC 9101, section 10.4.1
 */
export function fetchOnce(
  url: string,
  server: { readonly fetch: typeof fetch; readonly now: () => number },
  download: () => Promise<string>,
): Promise<string> {
  const shared = known.get(server.fetch) ?? { byUrl: new Map<string, Shared>(), sent: 0 }
  known.set(server.fetch, shared)
  const found = shared.byUrl.get(url)
  if (found && found.until > server.now()) return found.result
  if (shared.sent >= MAX_SENT) return Promise.reject(new TypeError('too many requests are being sent'))
  shared.sent += 1
  const result = download().finally(() => void (shared.sent -= 1))
  shared.byUrl.delete(url)
  shared.byUrl.set(url, { result, until: server.now() + FRESH })
  const [oldest] = shared.byUrl.keys()
  if (shared.byUrl.size > MAX_RESULTS && oldest !== undefined) shared.byUrl.delete(oldest)
  return result
}
