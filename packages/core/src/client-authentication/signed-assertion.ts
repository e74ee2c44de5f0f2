import { createError } from '../errors/create-error.js'
import { SignJWT, importPKCS8 } from 'jose'
import type { JWK, JWTPayload } from 'jose'

/** A key to sign with: as WebCrypto has it, as JWK, as PKCS #8 PEM text, or a shared secret as bytes. */
export type SigningKey = CryptoKey | JsonWebKey | string | Uint8Array

export interface AssertionInput {
  readonly key: SigningKey
  /** `alg` has to be there: a key does not say what it is for. @see RFC 7515, section 4.1.1 */
  readonly header: Readonly<Record<string, unknown>> & { readonly alg: string }
  readonly issuer: string
  readonly subject?: string | undefined
  readonly audience: string | readonly string[]
  /** Added to the claims, and may replace them. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  /** Seconds since the epoch, server's clock. */
  readonly now: number
  /** Seconds. */
  readonly lifetime: number
}

/**
 * A JSON Web Token with which somebody shows who they are or on whose behalf they act.
 *
 * @throws ConfigurationError for a header without `alg`, or with `none`
 * @see RFC 7523, section 3
 */
export async function signAssertion(input: AssertionInput): Promise<string> {
  const { alg } = input.header
  if (typeof alg !== 'string' || alg === 'none') {
    throw createError('configuration', 'the header of the assertion has no "alg" to sign with', {
      hint: 'Give one, such as "RS256" for an RSA key or "HS256" for a secret.',
      spec: 'RFC 7515, section 4.1.1',
    })
  }
  const claims: JWTPayload = {
    iss: input.issuer,
    ...(input.subject === undefined ? {} : { sub: input.subject }),
    aud: typeof input.audience === 'string' ? input.audience : [...input.audience],
    iat: input.now,
    exp: input.now + input.lifetime,
    jti: crypto.randomUUID(),
    ...input.claims,
  }
  return new SignJWT(claims).setProtectedHeader({ ...input.header, alg }).sign(await importKey(input.key, alg))
}

async function importKey(key: SigningKey, alg: string): Promise<CryptoKey | JWK | Uint8Array> {
  if (typeof key !== 'string') {
    return key instanceof CryptoKey || key instanceof Uint8Array ? key : { ...(key as JWK) }
  }
  return key.includes('-----BEGIN') ? importPKCS8(key.replaceAll('\\n', '\n'), alg) : new TextEncoder().encode(key)
}
