import type { IdTokenClaims } from './claims.js'
import type { ServerMetadata } from './server-metadata.js'

/** An ID token whose issuer and audiences are accepted by the options. */
export interface AcceptedIdToken {
  /** As oauth4webapi can check it: with this client as its only audience. */
  readonly idToken: string
  /** With the accepted issuer. */
  readonly metadata: ServerMetadata
  /** Those of the token, if `idToken` differs from it. */
  readonly claims?: IdTokenClaims | undefined
  /** Whether the signature is verified already. */
  readonly isVerified?: boolean | undefined
}
