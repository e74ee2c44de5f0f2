import type { TokenParts } from './calling-client.js'
import type { Credentials } from './credentials.js'

/** One request for credentials. */
export interface CredentialsRequest {
  /** Signs the request in addition to the client's own. */
  readonly credentials?: Credentials | undefined
  /** `oauth_callback` or `oauth_verifier`. */
  readonly parameters: Readonly<Record<string, string>>
  /** Sent as a form body, and signed. */
  readonly body?: URLSearchParams | undefined
  readonly signal?: AbortSignal | undefined
}

/** The last step of one authorization. */
export interface TokenCredentialsRequest {
  readonly credentials: Credentials
  readonly verifier: string | null | undefined
  readonly returnTo?: string | undefined
  /** When the sign-in started or its response arrived. */
  readonly moment: ReturnType<TokenParts['session']['moment']>
  readonly signal?: AbortSignal | undefined
}
