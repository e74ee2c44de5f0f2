import type { ErrorCode } from '../errors/error-codes.js'

/** What a signed response of the server must be. */
export interface SignedResponseRules {
  /** As it reads in a message: `authorization response`. */
  readonly name: string
  readonly code: ErrorCode
  readonly spec: string
  /** From the client's metadata, never from the token (RFC 8725, section 3.1). */
  readonly algorithm: string
  readonly requiredClaims: readonly string[]
  /** `iss` and `aud` may be absent; they are compared if present. */
  readonly partiesOptional?: boolean | undefined
  /** Default: that of the server metadata. */
  readonly issuer?: string | undefined
  /** Media type in the header. */
  readonly type?: string | undefined
}
