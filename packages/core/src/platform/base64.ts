/**
 * Reads JSON that is encoded as base64 or base64url, with or without padding.
 *
 * @returns undefined for anything else
 */
export function readBase64Json(encoded = ''): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(decodeBase64(encoded))) as unknown
  } catch {
    return undefined
  }
}

/** @throws DOMException for any text that is neither base64 nor base64url */
export function decodeBase64(encoded: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(encoded.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0))
}

/** @returns base64url without padding. @see RFC 7515, appendix C */
export function encodeBase64Url(bytes: Uint8Array): string {
  const encoded = btoa(String.fromCharCode(...bytes))
  return encoded.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** @returns base64url of the hash of a text, or of its first bytes */
export async function encodedHash(text: string, bits: number, length?: number): Promise<string> {
  const digest = await crypto.subtle.digest(`SHA-${bits}`, new TextEncoder().encode(text))
  return encodeBase64Url(new Uint8Array(digest, 0, length))
}
