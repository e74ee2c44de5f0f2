import { randomText } from './random-text.js'
import type { KeyRing } from './key-ring.js'
import type { AccessTokenRecord } from '../storage/access-token-store.js'
import { checkMembers } from '../options/check-members.js'

/** What a generator gets to know about the token. */
export interface TokenRequestDetails {
  /** What the token is for. */
  readonly kind: 'access_token' | 'refresh_token' | 'authorization_code' | 'other'
  /** The server's issuer identifier. */
  readonly issuer: string
  /** The access token's record, without the token itself. */
  readonly record?: Omit<AccessTokenRecord, 'token'>
  /** The server's keys, to sign the token. */
  readonly keys?: KeyRing
}

/** Creates codes and tokens. */
export interface TokenGenerator {
  /** Creates a code or token, which must be unguessable and unique. */
  generate(details: TokenRequestDetails): string | Promise<string>
}

/** Creates a generator of random base64url strings. @param options.bytes default 32, at least 16 */
export function randomGenerator(options: { readonly bytes?: number } = {}): TokenGenerator {
  checkMembers(options, { bytes: true }, { name: 'randomGenerator' })
  const { bytes = 32 } = options
  if (!Number.isInteger(bytes) || bytes < 16)
    throw new TypeError('randomGenerator: "bytes" must be 16 or more (RFC 6749, section 10.10)')
  return { generate: () => randomText(bytes) }
}

/** Creates a generator of UUIDs of version 4 (122 random bits). */
export function uuidGenerator(): TokenGenerator {
  return { generate: () => crypto.randomUUID() }
}
