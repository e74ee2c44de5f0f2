import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyResult,
} from 'jose'
import type { ServerParts } from '../options/server-parts.js'
import { digest } from '../storage/digest.js'

/** Algorithms that somebody else's key may sign with; `none` and HMAC are not among them. @see RFC 8725, section 3.1 */
export const ASSERTION_ALGORITHMS: readonly string[] = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519']

/** How a request object names itself. @see RFC 9101, section 10.8 */
export const REQUEST_OBJECT_TYPE = 'oauth-authz-req+jwt'

/** Seconds that clocks may differ. */
const CLOCK_TOLERANCE = 30
/** Seconds into the future that such a JWT may be valid: a stolen one must not be good for years. */
const LONGEST_LIFE = 3600

/** Endpoints that clients authenticate at: each may be named as the audience. @see RFC 7523, section 3, item 3; RFC 9126, section 2 */
const AUDIENCES: readonly string[] = [
  '/token',
  '/par',
  '/device_authorization',
  '/revoke',
  '/introspect',
  '/backchannel_authentication',
]

/** Keys inline, or where they are published. */
export interface KeySource {
  readonly jwks?: { readonly keys: ReadonlyArray<Readonly<Record<string, unknown>>> }
  readonly jwksUri?: string
}

/** What a JWT that somebody else signed is checked with. */
export interface JwtDemands {
  readonly issuer: string
  /** Names of this server, of which the JWT must be for one. */
  readonly audience: readonly string[]
  /** Claims that must be there beside `iss`, `aud` and `exp`. */
  readonly requiredClaims: readonly string[]
  readonly algorithms: readonly string[]
  readonly key: JWTVerifyGetKey | Uint8Array
  readonly server: ServerParts
}

/**
 * Checks a JWT that somebody else signed: signature, issuer, audience, times.
 *
 * @throws an error of jose's, or a TypeError. @see RFC 7519, section 4.1
 */
export async function verifyForeignJwt(
  jwt: string,
  { issuer, audience, requiredClaims, algorithms, key, server }: JwtDemands,
): Promise<JWTVerifyResult> {
  const options = {
    issuer,
    audience: [...audience],
    algorithms: [...algorithms],
    requiredClaims: ['exp', ...requiredClaims],
    clockTolerance: CLOCK_TOLERANCE,
    currentDate: new Date(server.now()),
  }
  const verified = key instanceof Uint8Array ? await jwtVerify(jwt, key, options) : await jwtVerify(jwt, key, options)
  const { exp = 0, iat } = verified.payload
  const now = server.now() / 1000
  if (exp - now > LONGEST_LIFE + CLOCK_TOLERANCE) throw new TypeError('the JWT is valid for more than an hour')
  if (iat !== undefined && iat > now + CLOCK_TOLERANCE) throw new TypeError('the JWT is from the future')
  return verified
}

/** @returns the kind of JWT that the header names, without the `application/` that may be left out (RFC 7515, section 4.1.9) */
export function typOf({ protectedHeader: { typ } }: Pick<JWTVerifyResult, 'protectedHeader'>): string | undefined {
  return typ?.toLowerCase().replace(/^application\//, '')
}

/** What an assertion is checked with. */
export interface AssertionDemands extends Pick<JwtDemands, 'issuer' | 'algorithms' | 'key' | 'server'> {
  /** Whether a `jti` must be there; one that is there is taken once in any case. */
  readonly needsJti: boolean
}

/**
 * Checks a JWT that stands for a client or a person: signature, issuer, audience, times, single use.
 *
 * @throws an error of jose's, or a TypeError. @see RFC 7523, section 3
 */
export async function verifyAssertion(assertion: string, demands: AssertionDemands): Promise<JWTPayload> {
  const { issuer, server, needsJti } = demands
  const verified = await verifyForeignJwt(assertion, {
    ...demands,
    audience: [server.issuer, server.base, ...AUDIENCES.map((path) => server.base + path)],
    requiredClaims: ['sub', ...(needsJti ? ['jti'] : [])],
  })
  // RFC 9101, section 10.8: what a client signed as an authorization request must not authenticate it.
  if (typOf(verified) === REQUEST_OBJECT_TYPE) throw new TypeError('a request object is no assertion')
  const { payload } = verified
  if (payload.jti !== undefined) await takeJti(server, `${issuer} ${payload.jti}`, (payload.exp ?? 0) + CLOCK_TOLERANCE)
  return payload
}

/** @see RFC 7523, section 3, item 7 */
async function takeJti(server: ServerParts, name: string, expiresAt: number): Promise<void> {
  const isNew = await server.stores.state.add(`jti:${await digest(name)}`, 1, expiresAt * 1000)
  if (!isNew) throw new TypeError('the assertion was used before')
}

const remote = new WeakMap<ServerParts, Map<string, JWTVerifyGetKey>>()

/** @returns a look-up of the keys, which for `jwksUri` caches and refetches; undefined where there are none */
export function keysOf({ jwks, jwksUri }: KeySource, server: ServerParts): JWTVerifyGetKey | undefined {
  if (jwks) return createLocalJWKSet(asKeySet(jwks))
  if (jwksUri === undefined) return undefined
  const known = remote.get(server) ?? new Map<string, JWTVerifyGetKey>()
  remote.set(server, known)
  const found = known.get(jwksUri) ?? createRemoteJWKSet(new URL(jwksUri), { timeoutDuration: 5000, [customFetch]: server.fetch })
  known.set(jwksUri, found)
  return found
}

function asKeySet(jwks: NonNullable<KeySource['jwks']>): JSONWebKeySet {
  return { keys: jwks.keys.map((key) => ({ ...key })) }
}
