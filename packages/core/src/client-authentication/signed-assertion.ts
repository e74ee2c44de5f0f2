import { importPKCS8, type JWK, type JWTPayload, SignJWT } from 'jose'
import { createError } from '../errors/create-error.js'
import { type ConfigurationError, OAuthClientError } from '../errors/errors.js'
import { safeCause } from '../protocol/protocol-errors.js'

/** A signing key: a WebCrypto key, a JWK, PKCS #8 or (for RSA) PKCS #1 as PEM text, or a shared secret as bytes. */
export type AssertionKey = CryptoKey | JsonWebKey | string | Uint8Array

/** Input of {@link signAssertion}. */
export interface AssertionInput {
  /** Key that signs the assertion. */
  readonly key: AssertionKey
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
 * @throws ConfigurationError for a header without `alg`, or with `none`, and for a key that cannot sign with it
 * @see RFC 7523, section 3
 */
export async function signAssertion(input: AssertionInput): Promise<string> {
  try {
    return await sign(input)
  } catch (cause) {
    throw cause instanceof OAuthClientError ? cause : notSigned(cause)
  }
}

function notSigned(error: unknown): ConfigurationError {
  const cause = safeCause(error)
  return createError('configuration', `The assertion could not be signed: ${cause.message}`, {
    hint: 'Check that "key" is a private key (PEM, JWK, CryptoKey) or secret for the "alg" of the header, and that the claims are JSON.',
    spec: 'RFC 7515, section 5.1',
    cause,
  })
}

async function sign(input: AssertionInput): Promise<string> {
  const { alg } = input.header ?? {}
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

async function importKey(key: AssertionKey, alg: string): Promise<CryptoKey | JWK | Uint8Array> {
  if (typeof key !== 'string') return key instanceof CryptoKey || key instanceof Uint8Array ? key : { ...(key as JWK) }

  return key.includes('-----BEGIN') ? importPKCS8(asPkcs8(key.replaceAll('\\n', '\n')), alg) : new TextEncoder().encode(key)
}

/** Version 0 and the algorithm rsaEncryption with NULL, in DER. @see RFC 5958, section 2; RFC 8017, appendix A.1 */
const RSA_ALGORITHM = [0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00]

/** WebCrypto reads PKCS #8 only, which for RSA is PKCS #1 in an envelope. */
function asPkcs8(pem: string): string {
  const [, kind = '', body = ''] = /-----BEGIN ([A-Z ]+)-----([\s\S]*?)-----END/.exec(pem) ?? []
  if (kind === 'PRIVATE KEY') return pem
  if (kind !== 'RSA PRIVATE KEY' || body.includes(':')) {
    throw createError('configuration', `A PEM block "${kind}" is not a private key that can be read.`, {
      hint: 'Convert it: openssl pkcs8 -topk8 -nocrypt -in key.pem',
    })
  }
  const key = Array.from(atob(body.replaceAll(/\s/g, '')), (character) => character.charCodeAt(0))
  const envelope = element(0x30, [...RSA_ALGORITHM, ...element(0x04, key)])
  return `-----BEGIN PRIVATE KEY-----\n${btoa(String.fromCharCode(...envelope))}\n-----END PRIVATE KEY-----`
}

/** One DER element. Its length has a byte of its own below 128, else the number of length bytes comes first. */
function element(tag: number, content: readonly number[]): number[] {
  const size = content.length
  const bytes = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return [tag, ...bytes, ...content]
}
