import type { ClientRecord } from '../../storage/client-record.js'
import type { GrantSettings } from './grant-settings.js'

/** The client and the grant of a request for scope. */
export interface ScopeRequest {
  /** The grant that is used. */
  readonly grant: GrantSettings
  /** The requesting client. */
  readonly client: ClientRecord
}

/** Decides the granted scope last: returns what is granted of (or beside) the given scope; throws OAuthError to refuse. */
export type ScopePolicy = (granted: readonly string[], request: ScopeRequest) => readonly string[]
