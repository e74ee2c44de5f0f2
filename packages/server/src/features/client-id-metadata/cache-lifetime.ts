// cspell:ignore maxage -- a directive of Cache-Control
/** Seconds for which a document may be used. */
export interface CacheBounds {
  readonly min: number
  readonly max: number
}

/** Seconds for a response without cache headers. */
const DEFAULT_SECONDS = 3600

/** How long a response may be used. */
export interface CacheLifetime {
  /** Seconds. */
  readonly fresh: number
  /** Whether it may be used for longer while a newer one cannot be fetched. */
  readonly allowsStale: boolean
}

/** Returns how long a response may be used by its cache headers, within bounds. @see RFC 9111, sections 4.2 and 5.2 */
export function cacheLifetimeOf(headers: Headers, { min, max }: CacheBounds): CacheLifetime {
  const directives = new Set((headers.get('cache-control') ?? '').toLowerCase().split(/\s*,\s*/))
  const seconds = ['no-store', 'no-cache'].some((name) => directives.has(name)) ? 0 : secondsOf(headers, directives)
  const allowsStale = !['no-store', 'no-cache', 'must-revalidate', 'proxy-revalidate'].some((name) => directives.has(name))
  return { fresh: Math.min(max, Math.max(min, seconds)), allowsStale }
}

function secondsOf(headers: Headers, directives: ReadonlySet<string>): number {
  const maxAge = valueOf('s-maxage', directives) ?? valueOf('max-age', directives)
  if (maxAge !== undefined) return maxAge - (Number(headers.get('age')) || 0)
  const expires = headers.get('expires')
  if (expires === null) return DEFAULT_SECONDS
  // A value that is no date, such as 0, has expired (RFC 9111, section 5.3).
  return (Date.parse(expires) - Date.parse(headers.get('date') ?? '')) / 1000 || 0
}

function valueOf(name: string, directives: ReadonlySet<string>): number | undefined {
  const found = [...directives].find((directive) => directive.startsWith(`${name}=`))
  const digits = /^[^=]+="?(\d{1,10})"?$/.exec(found ?? '')?.[1]
  return digits === undefined ? undefined : Number(digits)
}
