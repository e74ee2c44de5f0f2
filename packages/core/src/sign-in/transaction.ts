import type { TransportName } from './transports/transport.js'

/** One authorization request in flight, written before the browser leaves and taken once when it is back. */
export interface Transaction {
  readonly state: string
  readonly nonce?: string
  /** @see RFC 7636, section 4.1 */
  readonly codeVerifier?: string
  readonly redirectUri: string
  readonly responseType: string
  readonly responseMode?: string
  readonly scope?: string
  readonly resources?: readonly string[]
  /** Seconds; the asked `max_age`, checked against `auth_time`. */
  readonly maxAge?: number
  /** The asked `acr_values`; checked against `acr` when `acrEssential`. */
  readonly acrValues?: string
  readonly acrEssential?: boolean
  /** A path on this origin to go back to. */
  readonly returnTo?: string
  /** `logout`: a request to the end session endpoint. */
  readonly transport: TransportName | (string & {})
  /** Milliseconds since the epoch, on the device's clock. */
  readonly createdAt: number
  /** Set when the request was made for a known user: the answer must be for the same `sub`. */
  readonly expectedSubject?: string
  /** Set when the request was made to renew a session: the revision its record must still have, or a sign-out came first. */
  readonly expectedRevision?: string
}
