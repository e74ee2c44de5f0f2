import { parseUrl } from '../platform/parse-url.js'
import { isRecord } from '../platform/is-record.js'

/** What an `issuer_mismatch` compares: the `cause` of the error. */
export interface ComparedIssuers {
  /** Absent if the response should name its issuer and does not. */
  readonly received?: string | undefined
  readonly expected: string
  /** Where the issuer was received. */
  readonly place: 'metadata' | 'response'
}

/**
 * Another spelling is a mistake; another host may be an attack.
 *
 * @returns what to do about it; undefined for another cause
 * @see RFC 9700, section 4.4
 */
export function issuerHint(cause: unknown): string | undefined {
  if (!isRecord(cause) || typeof cause['expected'] !== 'string' || typeof cause['place'] !== 'string') return undefined
  const { received, expected, place } = cause as unknown as ComparedIssuers
  if (received === undefined)
    return 'The server metadata promises "iss" in every response ("authorization_response_iss_parameter_supported"). The response may come from another server than the request went to (mix-up attack): nothing of it is used.'
  const difference = differenceOf(received, expected)
  if (difference === undefined) {
    return place === 'metadata'
      ? 'The metadata belongs to another server: check the address of "issuer". If it is right, suspect a mix-up attack; nothing of the metadata is used.'
      : 'The response may come from another server than the request went to (mix-up attack): nothing of it is used.'
  }
  return place === 'metadata'
    ? `${difference} Give "issuer" exactly as the server writes it: "${received}".`
    : `${difference} The server writes its issuer in two ways: have it corrected, or accept this one as well (acceptedIssuers: "${received}").`
}

/** @returns undefined for an issuer on another host, or one that is no URL */
function differenceOf(received: string, expected: string): string | undefined {
  // The parser of Node 20 is slow for long hosts.
  if (received.length > 2048 || !parseUrl(received) || !parseUrl(expected)) return undefined
  if (received.replace(/\/$/, '') === expected.replace(/\/$/, '')) return 'The two differ in a slash at the end only.'
  const [other, own] = [new URL(received), new URL(expected)]
  if (other.hostname !== own.hostname) return undefined
  if (received.toLowerCase() === expected.toLowerCase()) return 'The two differ in upper and lower case only.'
  if (other.protocol !== own.protocol) return 'The two differ in "http" and "https": a proxy may hide the scheme from the server.'
  if (other.port !== own.port) return 'The two differ in the port: a proxy may hide it from the server.'
  return 'The two differ in the path, such as that of a tenant or realm.'
}
