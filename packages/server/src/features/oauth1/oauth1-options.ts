import type { SignatureMethod, SignatureMethodName } from '@latchkey/oauth1/signature'
import type { OAuth1ClientRecord, OAuth1ClientStore } from './oauth1-client-record.js'
import type { OAuth1Hooks } from './oauth1-hooks.js'

/** Options of {@link oauth1}. */
export interface OAuth1Options {
  /** The clients of OAuth 1.0a. They are not those of OAuth 2: a consumer secret must be known in the clear. */
  readonly clients: readonly OAuth1ClientRecord[] | OAuth1ClientStore
  /**
   * Signature methods that are accepted: names, or methods of the host's own. Default HMAC-SHA1, HMAC-SHA256, RSA-SHA1 and RSA-SHA256.
   * @see RFC 5849, section 3.4
   */
  readonly signatureMethods?: ReadonlyArray<SignatureMethodName | SignatureMethod> | undefined
  /** Seconds that temporary credentials are valid. Default 600. */
  readonly temporaryLifetime?: number | undefined
  /** Seconds that a timestamp may differ from the server's clock, both ways. Default 300. @see RFC 5849, section 3.3 */
  readonly timestampWindow?: number | undefined
  /**
   * The largest body that is read to check a signature, in bytes: forms, and bodies with `oauth_body_hash`. A larger one is refused with 413.
   * Other bodies may have any size. Default 1,048,576.
   */
  readonly maxBodySize?: number | undefined
  /** Characters of `oauth_token`. Default 42. */
  readonly tokenLength?: number | undefined
  /** Characters of `oauth_token_secret`. Default 48. */
  readonly tokenSecretLength?: number | undefined
  /** Creates `oauth_token`. Default: random. It must be unguessable and unique. */
  readonly generateToken?: (() => string | Promise<string>) | undefined
  /** Creates `oauth_token_secret`. Default: random. It must be unguessable. */
  readonly generateTokenSecret?: (() => string | Promise<string>) | undefined
  /** Creates both at once, instead of the four options before. */
  readonly tokenGenerator?: (() => GeneratedCredentials | Promise<GeneratedCredentials>) | undefined
  /** Former values of the server's `secret`: credentials that were stored under one of them stay valid. */
  readonly previousSecrets?: readonly Uint8Array[] | undefined
  /** Replace functions of the server's store. */
  readonly hooks?: Partial<OAuth1Hooks> | undefined
}

/** What a token generator returns. Both must be unguessable. */
export interface GeneratedCredentials {
  readonly token: string
  readonly tokenSecret: string
}
