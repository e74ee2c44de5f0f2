import { base64url, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { copyRequest } from '../platform/copy-request.js'
import { isRecord } from '../platform/is-record.js'
import type { KeyStore, ProtocolContext, ProvenRequest } from './protocol-context.js'
import type { ProtocolOptions } from './protocol-options.js'
import { sendWithoutRedirect } from './send-without-redirect.js'
import { serverNowSeconds } from './id-token.js'
import type { AccessToken } from './token-set.js'

/** The key of a client, and what proofs with it need. */
interface ProofKey {
  readonly keyPair: CryptoKeyPair
  readonly publicKey: JWK
  /** The last nonce of each origin. */
  readonly nonces: Map<string, string>
}

const proofKeys = new WeakMap<object, Promise<ProofKey>>()
/** Stored keys that are being deleted. */
const deletions = new WeakMap<object, Promise<void>>()

/**
 * The DPoP key of this client, and the nonces that servers issued.
 *
 * The private key cannot be exported. It survives a reload if IndexedDB is available, so that a stored session stays usable. A script
 * in the page can use the key while the page is open, but cannot copy it.
 *
 * @see RFC 9449
 */
function proofKeyOf(context: ProtocolContext): Promise<ProofKey> {
  const known = proofKeys.get(context.options)
  if (known) return known
  const made = createProofKey(context)
  proofKeys.set(context.options, made)
  // Failures are not cached: the next call tries again.
  made.catch(() => proofKeys.delete(context.options))
  return made
}

/**
 * Ends the key with its session: the next sign-in has another one.
 *
 * @param isStored false if another tab has deleted the stored key, which may be that of a new session by now
 */
export async function endDPoPKey({ options, keyStore }: ProtocolContext, isStored: boolean): Promise<void> {
  proofKeys.delete(options)
  if (!isStored || !keyStore) return
  const deletion = keyStore.storage.update(keyName(options, keyStore), () => undefined).catch(() => undefined)
  deletions.set(options, deletion)
  await deletion
}

const ownContexts = new WeakMap<object, ProtocolContext>()

/** See `ownKeyContext`. */
export function withOwnKey(context: ProtocolContext): ProtocolContext {
  const { options, keyStore } = context
  const known = ownContexts.get(options) ?? {
    ...context,
    // The handle of a key is found by the options.
    options: { ...options },
    keyStore: keyStore && { ...keyStore, prefix: `${keyStore.prefix}/sign-in` },
  }
  ownContexts.set(options, known)
  return known
}

/** As `withOwnKey`. If the key of a sign-in is gone, another tab has made it that of the session. */
export async function restoreKey(context: ProtocolContext): Promise<ProtocolContext> {
  const own = withOwnKey(context)
  const { options, keyStore } = own
  if (!keyStore || proofKeys.has(options)) return own
  const stored = await keyStore.storage.get(keyName(options, keyStore)).catch(() => undefined)
  if (!isKeyPair(stored)) proofKeys.set(options, proofKeyOf(context))
  return own
}

/** Makes the key of a sign-in that of the session. A storage failure costs the session at the next reload, not now. */
export async function promoteKey(context: ProtocolContext): Promise<void> {
  const own = withOwnKey(context)
  const proofKey = await proofKeyOf(own)
  await storeKey(context, proofKey.keyPair)
  await storeKey(own, undefined)
  proofKeys.delete(own.options)
  proofKeys.set(context.options, Promise.resolve(proofKey))
}

async function storeKey({ options, keyStore }: ProtocolContext, keyPair: CryptoKeyPair | undefined): Promise<void> {
  await keyStore?.storage.update(keyName(options, keyStore), () => keyPair).catch(() => undefined)
}

async function createProofKey(context: ProtocolContext, known?: CryptoKeyPair): Promise<ProofKey> {
  await deletions.get(context.options)
  const keyPair = await loadKeyPair(context, known)
  return { keyPair, publicKey: await exportJWK(keyPair.publicKey), nonces: new Map() }
}

/** @param known stored if there is no key in the storage. Default: a new one */
async function loadKeyPair({ options, keyStore }: ProtocolContext, known?: CryptoKeyPair): Promise<CryptoKeyPair> {
  const algorithm = dpopAlgorithm(options)
  const make = async (): Promise<CryptoKeyPair> => known ?? (await generateKeyPair(algorithm, { extractable: false }))
  if (!keyStore) return make()
  const name = keyName(options, keyStore)
  // A storage failure costs the session at the next reload, not now.
  const stored = await keyStore.storage.get(name).catch(() => undefined)
  if (isKeyPair(stored)) return stored
  const made = await make()
  let kept = made
  // Two tabs may generate a key at once: both use the first one stored.
  await keyStore.storage.update(name, (present) => (kept = isKeyPair(present) ? present : made)).catch(() => undefined)
  return kept
}

function keyName(options: ProtocolOptions, { prefix }: KeyStore): string {
  return `${prefix}/dpop-key-${dpopAlgorithm(options)}`
}

/** The algorithm that proofs are signed with. */
export function dpopAlgorithm({ dpop }: Pick<ProtocolOptions, 'dpop'>): string {
  return (typeof dpop === 'object' ? dpop.alg : undefined) ?? 'ES256'
}

/** A private key that can be exported is not ours: its author may have a copy. */
function isKeyPair(value: unknown): value is CryptoKeyPair {
  const { privateKey, publicKey } = (value ?? {}) as Partial<CryptoKeyPair>
  return privateKey instanceof CryptoKey && !privateKey.extractable && publicKey instanceof CryptoKey
}

/**
 * The thumbprint of the public key, which binds the code to it. The page after a redirect must find the same key in the storage, whose
 * data may have been deleted since this page read it.
 *
 * @see RFC 9449, section 10
 */
export async function dpopThumbprint(context: ProtocolContext): Promise<string> {
  const proofKey = await proofKeyOf(context)
  const stored = await createProofKey(context, proofKey.keyPair)
  const [known, current] = await Promise.all([proofKey, stored].map(({ publicKey }) => calculateJwkThumbprint(publicKey)))
  // The known key also has the servers' nonces.
  if (known !== current) proofKeys.set(context.options, Promise.resolve(stored))
  return current ?? ''
}

/**
 * Sends a request with a proof. Repeats it once if the authorization server requires a nonce.
 *
 * @param send gets the headers with the proof
 * @see RFC 9449, sections 4 and 8
 */
export function sendWithProof(
  context: ProtocolContext,
  request: ProvenRequest,
  send: (headers: Headers) => Promise<Response>,
): Promise<Response> {
  return proven(context, request, send, async (response) => {
    if (response.ok || !response.headers.has('dpop-nonce')) return false
    if (response.headers.get('www-authenticate')?.includes('use_dpop_nonce')) return true
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => undefined)
    return isRecord(body) && body['error'] === 'use_dpop_nonce'
  })
}

/**
 * Sends a request to a protected resource with a DPoP-bound token and its proof. Repeats it once if the resource requires a nonce.
 *
 * @param transmit sends the finished request
 * @see RFC 9449, sections 7.1 and 9
 */
export function fetchWithProof(
  context: ProtocolContext,
  { accessToken }: AccessToken,
  request: Request,
  transmit: (request: Request) => Promise<Response>,
): Promise<Response> {
  const headers = new Headers(request.headers)
  headers.set('authorization', `DPoP ${accessToken}`)
  const attempts = [request, request.body === null ? request : request.clone()]
  const refusal = { what: 'the proof: it is for one address', spec: 'RFC 9449, section 4.2' }
  return proven(
    context,
    { url: new URL(request.url), method: request.method, headers, accessToken },
    async (finished) => sendWithoutRedirect(copyRequest(attempts.shift() ?? request, { headers: finished }), transmit, refusal),
    requiresNonce,
  )
}

/** The parser of challenges would be a chunk of its own, shared with the code of a session. Names differ in case, and text may be quoted. */
const NONCE_CHALLENGE = /\berror\s*=\s*"?use_dpop_nonce\b/i

/** Any response may contain the nonce for the next request; this one must require it. A challenge hidden from the browser may. */
async function requiresNonce({ status, headers }: Response): Promise<boolean> {
  const challenge = headers.get('www-authenticate')
  return (
    status === 401 && headers.has('dpop-nonce') && (challenge === null || NONCE_CHALLENGE.test(challenge.replaceAll('\\', '')))
  )
}

/** @param isRefused whether a response demands another proof, with its nonce */
async function proven(
  context: ProtocolContext,
  request: ProvenRequest,
  send: (headers: Headers) => Promise<Response>,
  isRefused: (response: Response) => Promise<boolean>,
): Promise<Response> {
  const proofKey = await proofKeyOf(context)
  const attempt = async (): Promise<Response> => {
    const headers = new Headers(request.headers)
    headers.set('dpop', await createProof(context, proofKey, request))
    const response = await send(headers)
    const nonce = response.headers.get('dpop-nonce')
    if (nonce) noteNonce(proofKey.nonces, request.url.origin, nonce)
    return response
  }
  const response = await attempt()
  if (!(await isRefused(response))) return response
  await response.body?.cancel()
  return attempt()
}

/** More origins than a client sends tokens to. */
const MAX_NONCES = 100

function noteNonce(nonces: Map<string, string>, origin: string, nonce: string): void {
  nonces.delete(origin)
  nonces.set(origin, nonce)
  const [oldest = ''] = nonces.keys()
  if (nonces.size > MAX_NONCES) nonces.delete(oldest)
}

/** @see RFC 9449, section 4.2 */
async function createProof(
  context: ProtocolContext,
  { keyPair, publicKey, nonces }: ProofKey,
  { url, method, accessToken }: ProvenRequest,
): Promise<string> {
  const nonce = nonces.get(url.origin)
  const claims = {
    jti: crypto.randomUUID(),
    htm: method.toUpperCase(),
    htu: url.origin + url.pathname,
    iat: serverNowSeconds(context),
    nonce,
    ath: accessToken === undefined ? undefined : await hashOf(accessToken),
  }
  const alg = dpopAlgorithm(context.options)
  // RFC 9864 gave "EdDSA" with this curve the name "Ed25519".
  const header = { alg: alg === 'EdDSA' ? 'Ed25519' : alg, typ: 'dpop+jwt', jwk: publicKey }
  return new SignJWT(claims).setProtectedHeader(header).sign(keyPair.privateKey)
}

async function hashOf(token: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))))
}
