import { customFetch, DPoP, type DPoPHandle, generateKeyPair, modifyAssertion, protectedResourceRequest } from 'oauth4webapi'
import { copyRequest } from '../platform/copy-request.js'
import { readChallenges, withoutLongChallenges } from './challenges.js'
import type { KeyStore, ProtocolContext } from './protocol-context.js'
import type { ProtocolOptions } from './protocol-options.js'
import { sendWithoutRedirect } from './send-without-redirect.js'
import { serverNowSeconds } from './server-clock.js'
import type { AccessToken } from './token-set.js'
import { transportSecurity } from './transport-security.js'

const handles = new WeakMap<object, Promise<DPoPHandle>>()
const keyPairs = new WeakMap<DPoPHandle, CryptoKeyPair>()
/** Stored keys that are being deleted. */
const deletions = new WeakMap<object, Promise<void>>()

/**
 * The DPoP handle of this client: its key pair, and the nonces that servers issued.
 *
 * The private key cannot be exported. It survives a reload if IndexedDB is available, so that a stored session stays usable. A script
 * in the page can use the key while the page is open, but cannot copy it.
 *
 * @see RFC 9449
 */
export function dpopHandle(context: ProtocolContext): Promise<DPoPHandle> {
  const known = handles.get(context.options)
  if (known) return known
  const made = createHandle(context)
  handles.set(context.options, made)
  // Failures are not cached: the next call tries again.
  made.catch(() => handles.delete(context.options))
  return made
}

/**
 * Ends the key with its session: the next sign-in has another one.
 *
 * @param isStored false if another tab has deleted the stored key, which may be that of a new session by now
 */
export async function endDPoPKey({ options, keyStore }: ProtocolContext, isStored: boolean): Promise<void> {
  handles.delete(options)
  if (!isStored || !keyStore) return
  const deletion = keyStore.storage.update(keyName(options, keyStore), () => undefined).catch(() => undefined)
  deletions.set(options, deletion)
  await deletion
}

/** If the key of a sign-in is gone, another tab has made it that of the session. */
export async function restoreKey(own: ProtocolContext, context: ProtocolContext): Promise<void> {
  const { options, keyStore } = own
  if (!keyStore || handles.has(options)) return
  const stored = await keyStore.storage.get(keyName(options, keyStore)).catch(() => undefined)
  if (!isKeyPair(stored)) handles.set(options, dpopHandle(context))
}

/** Makes the key of a sign-in that of the session. A storage failure costs the session at the next reload, not now. */
export async function promoteKey(own: ProtocolContext, context: ProtocolContext): Promise<void> {
  const handle = await dpopHandle(own)
  await storeKey(context, keyPairs.get(handle))
  await storeKey(own, undefined)
  handles.delete(own.options)
  handles.set(context.options, Promise.resolve(handle))
}

async function storeKey({ options, keyStore }: ProtocolContext, keyPair: CryptoKeyPair | undefined): Promise<void> {
  await keyStore?.storage.update(keyName(options, keyStore), () => keyPair).catch(() => undefined)
}

async function createHandle(context: ProtocolContext, known?: CryptoKeyPair): Promise<DPoPHandle> {
  await deletions.get(context.options)
  const keyPair = await loadKeyPair(context, known)
  const handle = DPoP({}, keyPair, {
    [modifyAssertion]: (_header, payload) => {
      payload['iat'] = serverNowSeconds(context)
    },
  })
  keyPairs.set(handle, keyPair)
  return handle
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
  const handle = await dpopHandle(context)
  const stored = await createHandle(context, keyPairs.get(handle))
  const [known, current] = await Promise.all([handle.calculateThumbprint(), stored.calculateThumbprint()])
  // The known handle also has the servers' nonces.
  if (known !== current) handles.set(context.options, Promise.resolve(stored))
  return current
}

/**
 * Sends a request to a protected resource with a DPoP-bound token and its proof. Repeats it once if the resource requires a nonce.
 *
 * @param transmit sends the finished request
 * @see RFC 9449, sections 7.1 and 9
 */
export async function fetchWithProof(
  context: ProtocolContext,
  token: AccessToken,
  request: Request,
  transmit: (request: Request) => Promise<Response>,
): Promise<Response> {
  const again = request.body === null ? request : request.clone()
  const response = await proven(context, token, request, transmit)
  if (!(await requiresNonce(response))) return response
  await response.body?.cancel()
  return proven(context, token, again, transmit)
}

/** Any response may contain the nonce for the next request; this one must require it. A challenge hidden from the browser may. */
async function requiresNonce(response: Response): Promise<boolean> {
  if (response.status !== 401 || !response.headers.has('dpop-nonce')) return false
  const challenges = await readChallenges(response)
  return challenges.length === 0 || challenges.some(({ parameters }) => parameters.error === 'use_dpop_nonce')
}

/** oauth4webapi creates the headers and stores the nonce; body and response bypass it unchanged. */
async function proven(
  context: ProtocolContext,
  token: AccessToken,
  request: Request,
  transmit: (request: Request) => Promise<Response>,
): Promise<Response> {
  let response: Response | undefined
  const url = new URL(request.url)
  try {
    await protectedResourceRequest(token.accessToken, request.method, url, request.headers, null, {
      DPoP: await dpopHandle(context),
      ...transportSecurity(url, context.options),
      [customFetch]: async (_url, { headers }) => {
        const refusal = { what: 'the proof: it is for one address', spec: 'RFC 9449, section 4.2' }
        response = await sendWithoutRedirect(copyRequest(request, { headers }), transmit, refusal)
        const known = withoutLongChallenges(response.headers)
        return known === response.headers ? response : new Response(null, { status: response.status, headers: known })
      },
    })
  } catch (error) {
    // The caller reads a challenge in the response.
    if (!response) throw error
  }
  return response ?? Response.error()
}
