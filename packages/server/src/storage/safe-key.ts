import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** memcached takes 250 bytes, and MySQL indexes 255 of them everywhere; prefixes need some. */
const MAX_LENGTH = 180

const PRINTABLE = /^[\x21-\x7e]+$/
const WITHOUT_CAPITALS = /^[\x21-\x40\x5b-\x7e]+$/

/** How a store compares keys. */
export interface KeyComparison {
  /** Set to true if upper and lower case may be the same to the store. */
  readonly ignoresCase: boolean
}

/**
 * Returns a key that every store takes and no store mistakes for another: the key itself, or its digest if it is long, has characters
 * beyond printable ASCII, or differs from others in case only.
 */
export function safeKey(key: string, { ignoresCase }: KeyComparison): string {
  const isSafe = key.length <= MAX_LENGTH && (ignoresCase ? WITHOUT_CAPITALS : PRINTABLE).test(key) && !key.startsWith(DIGEST)
  return isSafe ? key : `${DIGEST}${bytesToHex(sha256(new TextEncoder().encode(key)))}`
}

const DIGEST = 'sha256-'
