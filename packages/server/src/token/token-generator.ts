import { base64url } from 'jose'
import type { KeyRing } from './key-ring.js'
import type { AccessTokenRecord } from '../storage/access-token-store.js'

/** What a generator is told about the token it makes. */
export interface TokenRequestDetails {
  readonly kind: 'access_token' | 'refresh_token' | 'authorization_code' | 'other'
  readonly issuer: string
  /** The access token's record, without the token itself. */
  readonly record?: Omit<AccessTokenRecord, 'token'>
  /** The server's keys, for tokens that are signed. */
  readonly keys?: KeyRing
}

/** Makes the strings that are codes and tokens. A function of one's own may stand in its place. */
export interface TokenGenerator {
  generate(details: TokenRequestDetails): string | Promise<string>
}

/** @returns a generator of `bytes` random bytes each, base64url (RFC 6749, section 10.10: at least 128 bits) */
export function randomGenerator({ bytes = 32 }: { readonly bytes?: number } = {}): TokenGenerator {
  if (!Number.isInteger(bytes) || bytes < 16)
    throw new TypeError('randomGenerator: "bytes" must be 16 or more (RFC 6749, section 10.10)')
  return { generate: () => base64url.encode(crypto.getRandomValues(new Uint8Array(bytes))) }
}

/** @returns a generator of UUIDs of version 4 (122 random bits) */
export function uuidGenerator(): TokenGenerator {
  return { generate: () => crypto.randomUUID() }
}
