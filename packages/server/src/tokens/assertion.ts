import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose'
import type { ServerParts } from '../server-parts.js'
import { digest } from '../storage/digest.js'

/** Algorithms that somebody else's key may sign with; `none` and HMAC are not among them. @see RFC 8725, section 3.1 */
export const ASSERTION_ALGORITHMS: readonly string[] = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519']

/** Seconds that clocks may differ. */
const CLOCK_TOLERANCE = 30
/** Seconds into the future that an assertion may be valid: a stolen one must not be good for years. */
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

/** What an assertion is checked with. */
export interface AssertionDemands {
  readonly issuer: string
  readonly algorithms: readonly string[]
  readonly key: JWTVerifyGetKey | Uint8Array
  readonly server: ServerParts
  /** Whether a `jti` must be there; one that is there is taken once in any case. */
  readonly needsJti: boolean
}

/**
 * Checks a JWT that stands for a client or a person: signature, issuer, audience, times, single use.
 *
 * @throws an error of jose's, or a TypeError. @see RFC 7523, section 3
 */
export async function verifyAssertion(
  assertion: string,
  { issuer, algorithms, key, server, needsJti }: AssertionDemands,
): Promise<JWTPayload> {
  const options = {
    issuer,
    audience: [server.issuer, server.base, ...AUDIENCES.map((path) => server.base + path)],
    algorithms: [...algorithms],
    requiredClaims: ['sub', 'exp', ...(needsJti ? ['jti'] : [])],
    clockTolerance: CLOCK_TOLERANCE,
    currentDate: new Date(server.now()),
  }
  const { payload } =
    key instanceof Uint8Array ? await jwtVerify(assertion, key, options) : await jwtVerify(assertion, key, options)
  const now = server.now() / 1000
  if ((payload.exp ?? 0) - now > LONGEST_LIFE + CLOCK_TOLERANCE) throw new TypeError('the assertion is valid for too long')
  if (payload.iat !== undefined && payload.iat > now + CLOCK_TOLERANCE) throw new TypeError('the assertion is from the future')
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
