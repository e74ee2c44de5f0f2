import { base64url, compactDecrypt, CompactEncrypt } from 'jose'
import type { AtomicStore } from '../../storage/atomic-store.js'
import { digest } from '../../storage/digest.js'
import type { OAuth1Hooks, TemporaryCredential, TokenCredential, VerifierGrant } from './oauth1-hooks.js'

/** Stored credentials: their secret is encrypted, since a signature needs the secret itself and a digest would not do. */
type Sealed<Credential extends { readonly tokenSecret: string }> = Omit<Credential, 'token' | 'tokenSecret'> & {
  readonly sealed: string
}

/**
 * Keeps credentials and nonces in a key-value store. Keys are digests and secrets are encrypted, so that a stolen store is useless
 * without the server's secret.
 *
 * @param secret of the server, shared by its processes
 */
export function storeHooks(store: AtomicStore, secret: Uint8Array): OAuth1Hooks {
  return { ...temporaryHooks(store, secret), ...tokenHooks(store, secret), existsNonce: (use) => usedBefore(store, use) }
}

async function usedBefore(store: AtomicStore, use: Parameters<OAuth1Hooks['existsNonce']>[0]): Promise<boolean> {
  const { nonce, timestamp, clientId, token, expiresAt } = use
  // As JSON, the four never run together.
  const key = await digest(JSON.stringify([nonce, timestamp, clientId, token]))
  return !(await store.add(`oauth1-nonce:${key}`, 1, expiresAt))
}

async function temporaryKey(kind: 'temporary' | 'verifier' | 'used', token: string): Promise<string> {
  return `oauth1-${kind}:${await digest(token)}`
}

async function tokenKey(clientId: string, token: string): Promise<string> {
  return `oauth1-token:${await digest(JSON.stringify([clientId, token]))}`
}

function temporaryHooks(store: AtomicStore, secret: Uint8Array) {
  return {
    async createTemporaryCredential({ token, tokenSecret, ...rest }: TemporaryCredential) {
      await store.set(
        await temporaryKey('temporary', token),
        { ...rest, sealed: await seal(tokenSecret, secret) },
        rest.expiresAt,
      )
    },
    async getTemporaryCredential(token: string) {
      const stored = await store.get<Sealed<TemporaryCredential>>(await temporaryKey('temporary', token))
      if (!stored) return undefined
      const { sealed, ...rest } = stored
      const grant = await store.get<VerifierGrant>(await temporaryKey('verifier', token))
      return { ...rest, ...grant, token, tokenSecret: await unseal(sealed, secret) }
    },
    async deleteTemporaryCredential({ token, expiresAt }: TemporaryCredential) {
      const isFirst = await store.add(await temporaryKey('used', token), 1, expiresAt)
      await store.delete(await temporaryKey('temporary', token))
      return isFirst
    },
    async createAuthorizationVerifier({ token, expiresAt }: TemporaryCredential, grant: VerifierGrant) {
      return store.add(await temporaryKey('verifier', token), grant, expiresAt)
    },
  } satisfies Partial<OAuth1Hooks>
}

function tokenHooks(store: AtomicStore, secret: Uint8Array) {
  return {
    async createTokenCredential({ token, tokenSecret, ...rest }: TokenCredential) {
      await store.set(await tokenKey(rest.clientId, token), { ...rest, sealed: await seal(tokenSecret, secret) })
    },
    async getTokenCredential(clientId: string, token: string) {
      const stored = await store.get<Sealed<TokenCredential>>(await tokenKey(clientId, token))
      if (!stored) return undefined
      const { sealed, ...rest } = stored
      return { ...rest, token, tokenSecret: await unseal(sealed, secret) }
    },
    async deleteTokenCredential(clientId: string, token: string) {
      await store.delete(await tokenKey(clientId, token))
    },
  } satisfies Partial<OAuth1Hooks>
}

async function seal(text: string, secret: Uint8Array): Promise<string> {
  const header = { alg: 'dir', enc: 'A256GCM' }
  return new CompactEncrypt(new TextEncoder().encode(text)).setProtectedHeader(header).encrypt(await sealingKey(secret))
}

async function unseal(sealed: string, secret: Uint8Array): Promise<string> {
  const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] }
  return new TextDecoder().decode((await compactDecrypt(sealed, await sealingKey(secret), options)).plaintext)
}

/** A key of its own: the secret itself signs form tokens. */
async function sealingKey(secret: Uint8Array): Promise<Uint8Array> {
  return base64url.decode(await digest(`oauth1 token secret ${base64url.encode(secret)}`))
}
