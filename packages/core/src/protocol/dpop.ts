import { DPoP, customFetch, generateKeyPair, modifyAssertion, protectedResourceRequest } from 'oauth4webapi'
import type { DPoPHandle } from 'oauth4webapi'
import type { ProtocolOptions } from './protocol-options.js'
import type { AccessToken } from './token-set.js'
import { readChallenges } from './challenges.js'
import { transportSecurity } from './oauth-parties.js'
import type { ProtocolContext } from './protocol-context.js'
import { serverNowSeconds } from './server-clock.js'

const handles = new WeakMap<object, Promise<DPoPHandle>>()

/**
 * The prover of this client: its key pair, and the nonces that servers gave. Loaded when `dpop` is on.
 *
 * The private key cannot be exported. It survives a reload wherever there is IndexedDB, so that a stored session can be used on;
 * a script in the page can use it while the page is open, and not take it away.
 *
 * @see RFC 9449
 */
export function dpopHandle(context: ProtocolContext): Promise<DPoPHandle> {
  const known = handles.get(context.options)
  if (known) {
    return known
  }
  const made = createHandle(context)
  handles.set(context.options, made)
  // A failure is not kept: the next call tries again.
  made.catch(() => handles.delete(context.options))
  return made
}

async function createHandle(context: ProtocolContext): Promise<DPoPHandle> {
  const keyPair = await loadKeyPair(context)
  return DPoP({}, keyPair, {
    [modifyAssertion]: (_header, payload) => {
      payload['iat'] = serverNowSeconds(context)
    },
  })
}

async function loadKeyPair({ options, keyStore }: ProtocolContext): Promise<CryptoKeyPair> {
  const algorithm = dpopAlgorithm(options)
  const make = (): Promise<CryptoKeyPair> => generateKeyPair(algorithm, { extractable: false })
  if (!keyStore) {
    return make()
  }
  const name = `${keyStore.prefix}/dpop-key-${algorithm}`
  // A storage that fails costs the session at the next reload, not this one.
  const stored = await keyStore.storage.get(name).catch(() => undefined)
  if (isKeyPair(stored)) {
    return stored
  }
  const made = await make()
  let kept = made
  // Two tabs may make a key at once: the first one written is everybody's.
  await keyStore.storage.update(name, (present) => (kept = isKeyPair(present) ? present : made)).catch(() => undefined)
  return kept
}

/** The algorithm that proofs are signed with. */
export function dpopAlgorithm({ dpop }: Pick<ProtocolOptions, 'dpop'>): string {
  return (typeof dpop === 'object' ? dpop.alg : undefined) ?? 'ES256'
}

function isKeyPair(value: unknown): value is CryptoKeyPair {
  return typeof value === 'object' && value !== null && 'privateKey' in value && value.privateKey instanceof CryptoKey
}

/** The thumbprint of the public key, which binds the code to it. @see RFC 9449, section 10 */
export async function dpopThumbprint(context: ProtocolContext): Promise<string> {
  return (await dpopHandle(context)).calculateThumbprint()
}

/**
 * Sends a request to a protected resource with a token that is bound to the key, and the proof for it. A resource that wants a
 * nonce of its own is asked once more with it.
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
  const handle = await dpopHandle(context)
  const again = request.body === null ? request : request.clone()
  const response = await proven(handle, token, request, transmit)
  if (!(await asksForNonce(response))) {
    return response
  }
  await response.body?.cancel()
  return proven(handle, token, again, transmit)
}

/** Any answer may bring the nonce for the next request; only this one asks for it. One that is hidden from a browser counts as such. */
async function asksForNonce(response: Response): Promise<boolean> {
  if (response.status !== 401 || !response.headers.has('dpop-nonce')) {
    return false
  }
  const challenges = await readChallenges(response)
  return challenges.length === 0 || challenges.some(({ parameters }) => parameters.error === 'use_dpop_nonce')
}

/** oauth4webapi makes the headers and keeps the nonce; body and answer pass it by untouched. */
async function proven(
  handle: DPoPHandle,
  token: AccessToken,
  request: Request,
  transmit: (request: Request) => Promise<Response>,
): Promise<Response> {
  let answer: Response | undefined
  const url = new URL(request.url)
  try {
    await protectedResourceRequest(token.accessToken, request.method, url, request.headers, null, {
      DPoP: handle,
      ...transportSecurity(url),
      [customFetch]: async (_url, { headers }) => {
        answer = await transmit(new Request(request, { headers }))
        return answer
      },
    })
  } catch (error) {
    // A challenge in the answer is the caller's to read.
    if (!answer) {
      throw error
    }
  }
  return answer ?? Response.error()
}
