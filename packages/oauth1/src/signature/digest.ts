import { toBase64 } from './hmac.js'

/**
 * Computes a digest, such as the `oauth_body_hash`.
 *
 * @param hash as WebCrypto names it
 * @returns base64
 * @see OAuth Request Body Hash 1.0, section 3.2
 */
export async function digest(hash: string, data: BufferSource): Promise<string> {
  return toBase64(await crypto.subtle.digest(hash, data))
}
