import type { AuthorizationExpectation } from '../protocol/expectation.js'
import type { TransportName } from './transports/transport.js'

/** One authorization request in flight, written before the browser navigates and taken once when the response arrives. */
export interface Transaction extends AuthorizationExpectation {
  /** A path on this origin, where the app continues. */
  readonly returnTo?: string | undefined
  /** `logout`: a request to the end session endpoint. */
  readonly transport: TransportName | (string & {})
  /** Milliseconds since the epoch, device clock. */
  readonly createdAt: number
  /** Set if the request was made for a known user: the response must be for the same `sub`. */
  readonly expectedSubject?: string | undefined
  /** Whether the tokens will be bound to another DPoP key than those of the session that there was. See `protocol/own-key.ts`. */
  readonly hasOwnKey?: boolean | undefined
  /** Set if the request renews a session: the revision its record must still have. Otherwise a sign-out came first. */
  readonly expectedRevision?: string | undefined
}
