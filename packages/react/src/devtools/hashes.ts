import { base64url } from 'jose'

/** Returns the SHA-256 of a text, base64url. */
export async function encodedSha256(text: string): Promise<string> {
  return base64url.encode(await digest('SHA-256', text))
}

/**
 * Returns the left half of the hash of a token or code, base64url, by the algorithm of the ID token's signature.
 *
 * @see OpenID Connect Core 1.0, section 3.1.3.6
 */
export async function halfHash(text: string, algorithm: string): Promise<string> {
  const bits = algorithm.startsWith('Ed') ? '512' : algorithm.slice(2)
  const bytes = await digest(`SHA-${bits}`, text)
  return base64url.encode(bytes.slice(0, bytes.length / 2))
}

async function digest(name: string, text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest(name, new TextEncoder().encode(text)))
}
