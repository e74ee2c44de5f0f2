import { createFetchSlots, type FetchSlots } from './fetch-slots.js'

/** Milliseconds in which a result is used again. */
const FRESH = 5000
/** URLs whose results are kept. */
const MAX_RESULTS = 100

interface Shared {
  readonly result: Promise<unknown>
  readonly until: number
}

interface SharedFetches {
  readonly byUrl: Map<string, Shared>
  readonly slots: FetchSlots
}

/** What is fetched for clients that strangers have registered takes no place from the others. */
type Registrants = 'strangers' | 'others'

const known = new WeakMap<object, Readonly<Record<Registrants, SharedFetches>>>()

function createShared(): SharedFetches {
  return { byUrl: new Map(), slots: createFetchSlots() }
}

/** What to fetch for a client. */
export interface SharedFetch<Result> {
  readonly url: string
  /** What is of another kind at the same URL is fetched again. Each kind has one type of result. */
  readonly kind: 'keys' | 'request' | 'client'
  /** Whether anyone could register the URL. */
  readonly isOfStranger: boolean
  readonly download: () => Promise<Result>
}

/**
 * Fetches what anyone can make this server fetch: once at a time for each URL, again after some seconds at the earliest, also if it
 * failed, and not from more than a few URLs at the same time. @see RFC 9101, section 10.4.1
 */
export function fetchOnce<Result>(
  { url, kind, isOfStranger, download }: SharedFetch<Result>,
  server: { readonly fetch: typeof fetch; readonly now: () => number },
): Promise<Result> {
  const all = known.get(server.fetch) ?? { strangers: createShared(), others: createShared() }
  known.set(server.fetch, all)
  const { byUrl, slots } = all[isOfStranger ? 'strangers' : 'others']
  const key = `${kind} ${url}`
  const found = byUrl.get(key)
  if (found && found.until > server.now()) return found.result as Promise<Result>
  const result = slots.run(url, download)
  byUrl.delete(key)
  byUrl.set(key, { result, until: server.now() + FRESH })
  const [oldest] = byUrl.keys()
  if (byUrl.size > MAX_RESULTS && oldest !== undefined) byUrl.delete(oldest)
  return result
}
