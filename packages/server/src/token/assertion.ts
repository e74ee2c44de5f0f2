import { isRecord, isSlowKey } from '@latchkey/resource/internals'
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  type FetchImplementation,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyResult,
} from 'jose'
import { readResponseText } from '../http/body.js'
import { fetchOnce } from '../http/shared-fetches.js'
import { checkJson, parseJson } from '../http/parse-json.js'
import type { ServerContext } from '../options/server-context.js'
import type { ClientRecord } from '../storage/client-record.js'
import { digest } from '../storage/digest.js'
import { toUrl } from '../http/parse-url.js'

/** Algorithms of JWTs from other parties: never `none` or HMAC. @see RFC 8725, section 3.1 */
export const ASSERTION_ALGORITHMS: readonly string[] = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519']

/** The `typ` of a request object. @see RFC 9101, section 10.8 */
export const REQUEST_OBJECT_TYPE = 'oauth-authz-req+jwt'

/** The `typ` of an assertion: none, the general one, or those of the draft that updates RFC 7523. */
const ASSERTION_TYPES: ReadonlySet<string | undefined> = new Set([
  undefined,
  'jwt',
  'client-authentication+jwt',
  'authorization-grant+jwt',
])

/** Seconds by which clocks may differ. */
const CLOCK_TOLERANCE = 30
/** Seconds from now that such a JWT may be valid: a stolen one must expire soon. */
const MAX_LIFETIME = 3600

/** Public keys, inline or published. */
export interface KeySource {
  /** The key set. */
  readonly jwks?: { readonly keys: ReadonlyArray<Readonly<Record<string, unknown>>> } | undefined
  /** The URL of the key set. */
  readonly jwksUri?: string | undefined
}

/** Why this server refuses a JWT, in words that its sender may read. Other errors may tell what a fetch of the keys has met. */
export class RefusedJwt extends TypeError {}

/** What a JWT of another party must be. */
export interface ExpectedJwt {
  readonly issuer: string
  /** Names of this server, which alone must be the audience. */
  readonly audience: readonly string[]
  /** Claims that are required beside `iss`, `aud` and `exp`. */
  readonly requiredClaims: readonly string[]
  readonly algorithms: readonly string[]
  readonly key: JWTVerifyGetKey | Uint8Array
  readonly server: Pick<ServerContext, 'now'>
}

/**
 * Verifies a JWT that another party signed: signature, issuer, audience, times.
 *
 * @throws an error of jose's, or a TypeError. @see RFC 7519, section 4.1
 */
export async function verifyForeignJwt(
  jwt: string,
  { issuer, audience, requiredClaims, algorithms, key, server }: ExpectedJwt,
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
  // The header of a JWT may have members of any type.
  const { typ } = verified.protectedHeader
  if (typ !== undefined && typeof typ !== 'string') throw new RefusedJwt('"typ" must be text')
  checkJson(verified.payload)
  checkAudience(verified.payload.aud, audience)
  const { exp = 0, iat } = verified.payload
  const now = server.now() / 1000
  if (exp - now > MAX_LIFETIME + CLOCK_TOLERANCE) throw new RefusedJwt('the JWT is valid for more than an hour')
  if (iat !== undefined && iat > now + CLOCK_TOLERANCE) throw new RefusedJwt('the JWT was issued in the future')
  return verified
}

/** A JWT for several servers could be used at one of them by another. @see RFC 7523, section 3, item 3; RFC 9101, section 4 */
function checkAudience(aud: unknown, names: readonly string[]): void {
  const audience: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  if (!audience.every((name) => typeof name === 'string' && names.includes(name)))
    throw new RefusedJwt('"aud" must name this server alone')
}

/** Returns the type in a JWT's header, without the optional `application/` (RFC 7515, section 4.1.9). */
export function typOf({ protectedHeader: { typ } }: Pick<JWTVerifyResult, 'protectedHeader'>): string | undefined {
  return typ?.toLowerCase().replace(/^application\//, '')
}

/** What an assertion must be. */
export interface ExpectedAssertion extends Pick<ExpectedJwt, 'issuer' | 'algorithms' | 'key'> {
  readonly server: Pick<ServerContext, 'now' | 'stores' | 'assertionAudiences'>
  /** Whether `jti` is required; if it is present, it is accepted once in any case. */
  readonly needsJti: boolean
}

/**
 * Verifies a JWT that authenticates a client or a user: signature, issuer, audience, times, single use.
 *
 * @throws an error of jose's, or a TypeError. @see RFC 7523, section 3
 */
export async function verifyAssertion(assertion: string, expected: ExpectedAssertion): Promise<JWTPayload> {
  const { issuer, server, needsJti } = expected
  const verified = await verifyForeignJwt(assertion, {
    ...expected,
    audience: server.assertionAudiences,
    requiredClaims: ['sub', ...(needsJti ? ['jti'] : [])],
  })
  // RFC 8725, section 3.11: what a client signed for another purpose (RFC 9101, section 10.8) must not authenticate it.
  if (!ASSERTION_TYPES.has(typOf(verified))) throw new TypeError('"typ" names another kind of JWT than an assertion')
  const { payload } = verified
  const { jti } = payload as { readonly jti?: unknown }
  if (jti !== undefined && (typeof jti !== 'string' || jti === ''))
    throw new TypeError('"jti" must be text (RFC 7519, section 4.1.7)')
  if (payload.jti !== undefined) await consumeJti(server, `${issuer} ${payload.jti}`, payload.exp ?? 0)
  return payload
}

/** @see RFC 7523, section 3, item 7 */
async function consumeJti(server: ExpectedAssertion['server'], name: string, exp: number): Promise<void> {
  // Longer than the assertion is accepted, which is checked in whole seconds, and by clocks of several processes.
  const expiresAt = (exp + 2 * CLOCK_TOLERANCE) * 1000
  const isNew = await server.stores.state.add(`jti:${await digest(name)}`, 1, expiresAt)
  if (!isNew) throw new TypeError('the assertion was used before')
}

/** Key sets that a server keeps: those of the clients that signed last. */
const MAX_KEY_SETS = 100

/** The remote key sets of each server, by URL, of which the last one was used last. */
const remoteKeySets = new WeakMap<object, Map<string, JWTVerifyGetKey>>()

/** Returns a look-up of the keys, which caches and refetches those at `jwksUri`; undefined if there are none. */
export function keysOf(
  { jwks, jwksUri, selfRegistered = false }: KeySource & Pick<ClientRecord, 'selfRegistered'>,
  server: Pick<ServerContext, 'fetch' | 'now'>,
): JWTVerifyGetKey | undefined {
  if (jwks) return createLocalJWKSet(asKeySet(jwks))
  const url = jwksUri === undefined ? undefined : toUrl(jwksUri)
  if (!url) return undefined
  const known = remoteKeySets.get(server) ?? new Map<string, JWTVerifyGetKey>()
  remoteKeySets.set(server, known)
  // A stranger can register the URL of another client.
  const name = `${selfRegistered} ${jwksUri}`
  const found = known.get(name) ?? createRemoteJWKSet(url, { [customFetch]: fetchKeySet(server, selfRegistered) })
  known.delete(name)
  known.set(name, found)
  const [oldest] = known.keys()
  if (known.size > MAX_KEY_SETS && oldest !== undefined) known.delete(oldest)
  return found
}

/** Anyone can have a client's key set fetched, also one that fails each time. */
function fetchKeySet(server: Pick<ServerContext, 'fetch' | 'now'>, isOfStranger: boolean): FetchImplementation {
  const download = async (...request: Parameters<FetchImplementation>): Promise<string> => {
    const response = await server.fetch(...request)
    if (response.status === 200) return withoutSlowKeys(await readResponseText(response))
    response.body?.cancel().catch(() => undefined)
    throw new TypeError('the response is no key set')
  }
  return async (url, init) =>
    new Response(await fetchOnce({ url, kind: 'keys', isOfStranger, download: () => download(url, init) }, server))
}

/** Only the keys that a signature may name matter: a large one must not cost anything. */
function withoutSlowKeys(text: string): string {
  const set = parseJson(text)
  if (!isRecord(set) || !Array.isArray(set['keys'])) return text
  const keys: readonly unknown[] = set['keys']
  return keys.some(isSlowKey) ? JSON.stringify({ ...set, keys: keys.filter((key) => !isSlowKey(key)) }) : text
}

function asKeySet(jwks: NonNullable<KeySource['jwks']>): JSONWebKeySet {
  return { keys: jwks.keys.map((key) => ({ ...key })) }
}
