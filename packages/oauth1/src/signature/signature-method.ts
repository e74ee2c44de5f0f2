import type { RsaKey } from './rsa-key.js'

/** Names of the signature methods that are built in. @see RFC 5849, sections 3.4.2 to 3.4.4 */
export type SignatureMethodName = 'HMAC-SHA1' | 'HMAC-SHA256' | 'RSA-SHA1' | 'RSA-SHA256' | 'PLAINTEXT'

/** The secrets and keys of a client and of a token. */
export interface SignatureKeys {
  /** The secret of the client. Default: empty. */
  readonly clientSecret?: string | undefined
  /** The secret of the temporary or token credentials. Default: empty. */
  readonly tokenSecret?: string | undefined
  /** Signs with RSA. */
  readonly privateKey?: RsaKey | undefined
  /** Verifies RSA. */
  readonly publicKey?: RsaKey | undefined
}

/** Signs requests and verifies signatures. Implement it for a method that a provider has made up. */
export interface SignatureMethod {
  /** The value of `oauth_signature_method`. */
  readonly name: string
  /** The digest for `oauth_body_hash`, as WebCrypto names it. Absent: the method covers no body. */
  readonly bodyHash?: string | undefined
  /** @returns the value of `oauth_signature`, before it is percent-encoded */
  sign(baseString: string, keys: SignatureKeys): string | Promise<string>
  /** @returns whether the signature is that of the base string. It must not show by its time where two signatures differ */
  verify(baseString: string, signature: string, keys: SignatureKeys): boolean | Promise<boolean>
}
