import { importPKCS8, type JWK, type JWTPayload, SignJWT } from 'jose'
import { createError } from '../errors/create-error.js'

/** A signing key: a WebCrypto key, a JWK, PKCS #8 as PEM text, or a shared secret as bytes. */
export type SigningKey = CryptoKey | JsonWebKey | string | Uint8Array

/** Input of {@link signAssertion}. */
export interface AssertionInput {
  /** Key that signs the assertion. */
  readonly key: SigningKey
  /** JOSE header. `alg` is required, because a key does not name its algorithm. @see RFC 7515, section 4.1.1 */
  readonly header: Readonly<Record<string, unknown>> & { readonly alg: string }
  /** `iss`. */
  readonly issuer: string
  /** `sub`. */
  readonly subject?: string | undefined
  /** `aud`. */
  readonly audience: string | readonly string[]
  /** Additional claims. They override the ones above. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  /** Issue time in seconds since the epoch, by the server's clock. */
  readonly now: number
  /** Seconds until the assertion expires. */
  readonly lifetime: number
}

/**
 * Signs a JSON Web Token that identifies a client, or the user it acts for.
 *
 * @throws ConfigurationError for a header without `alg`, or with `none`
 * @see RFC 7523, section 3
 */
export async function signAssertion(input: AssertionInput): Promise<string> {
  const { alg } = input.header
  if (typeof alg !== 'string' || alg === 'none') {
    throw createError('configuration', 'The header of the assertion has no "alg".', {
      hint: 'Pass one, such as "RS256" for an RSA key or "HS256" for a secret.',
      spec: 'RFC 7515, section 4.1.1',
    })
  }
  const claims: JWTPayload = {
    iss: input.issuer,
    ...(input.subject !== undefined && { sub: input.subject }),
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
