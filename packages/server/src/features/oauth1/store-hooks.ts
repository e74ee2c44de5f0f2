import { base64url, compactDecrypt, CompactEncrypt } from 'jose'
import type { AtomicStore } from '../../storage/atomic-store.js'
import { digest } from '../../storage/digest.js'
import type { OAuth1Hooks, TemporaryCredential, TokenCredential, VerifierGrant } from './oauth1-hooks.js'

/** Stored credentials: their secret is encrypted, since a signature needs the secret itself and a digest would not do. */
type Sealed<Credential extends { readonly tokenSecret: string }> = Omit<Credential, 'token' | 'tokenSecret'> & {
  readonly sealed: string
}

/** How stored secrets are decrypted. */
export interface StoreHooksDetails {
  /** Former values of the secret: what was encrypted with one of them stays readable. */
  readonly previousSecrets?: readonly Uint8Array[] | undefined
  /** Called with the reason when a stored secret cannot be decrypted: its credentials are then unknown. */
  readonly onError?: ((error: unknown) => void) | undefined
}

/** Encrypts and decrypts the secrets of credentials. */
interface Sealer {
  readonly seal: (text: string) => Promise<string>
  /** Returns undefined for what was encrypted with another secret. */
  readonly unseal: (sealed: string) => Promise<string | undefined>
}

/**
 * Keeps credentials and nonces in a key-value store. Keys are digests and secrets are encrypted, so that a stolen store is useless
 * without the server's secret.
 *
 * @param secret of the server, shared by its processes
 */
export function storeHooks(store: AtomicStore, secret: Uint8Array, details: StoreHooksDetails = {}): OAuth1Hooks {
  if (!(secret instanceof Uint8Array) || secret.byteLength < 32)
    throw new TypeError('oauth1StoreHooks: "secret" must be a Uint8Array of at least 32 random bytes, as that of the server')
  const sealer = sealerOf(secret, details)
  return { ...temporaryHooks(store, sealer), ...tokenHooks(store, sealer), existsNonce: (use) => usedBefore(store, use) }
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

function temporaryHooks(store: AtomicStore, { seal, unseal }: Sealer) {
  return {
    async createTemporaryCredential({ token, tokenSecret, ...rest }: TemporaryCredential) {
      await store.set(await temporaryKey('temporary', token), { ...rest, sealed: await seal(tokenSecret) }, rest.expiresAt)
    },
    async getTemporaryCredential(token: string) {
      const stored = await store.get<Sealed<TemporaryCredential>>(await temporaryKey('temporary', token))
      if (!stored) return undefined
      const { sealed, ...rest } = stored
      const tokenSecret = await unseal(sealed)
      if (tokenSecret === undefined) return undefined
      const grant = await store.get<VerifierGrant>(await temporaryKey('verifier', token))
      return { ...rest, ...grant, token, tokenSecret }
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

function tokenHooks(store: AtomicStore, { seal, unseal }: Sealer) {
  return {
    async createTokenCredential({ token, tokenSecret, ...rest }: TokenCredential) {
      await store.set(await tokenKey(rest.clientId, token), { ...rest, sealed: await seal(tokenSecret) })
    },
    async getTokenCredential(clientId: string, token: string) {
      const stored = await store.get<Sealed<TokenCredential>>(await tokenKey(clientId, token))
      if (!stored) return undefined
      const { sealed, ...rest } = stored
      const tokenSecret = await unseal(sealed)
      return tokenSecret === undefined ? undefined : { ...rest, token, tokenSecret }
    },
    async deleteTokenCredential(clientId: string, token: string) {
      await store.delete(await tokenKey(clientId, token))
    },
  } satisfies Partial<OAuth1Hooks>
}

function sealerOf(secret: Uint8Array, { previousSecrets = [], onError }: StoreHooksDetails): Sealer {
  return {
    async seal(text) {
      const header = { alg: 'dir', enc: 'A256GCM' }
      const plain = new TextEncoder().encode(text)
      return new CompactEncrypt(plain).setProtectedHeader(header).encrypt(await sealingKey(secret))
    },
    async unseal(sealed) {
      let reason: unknown
      for (const candidate of [secret, ...previousSecrets]) {
        try {
          return await decrypt(sealed, candidate)
        } catch (error) {
          reason ??= error
        }
      }
      const message = 'oauth1: a stored secret cannot be decrypted. The server\'s "secret" has changed: see "previousSecrets"'
      onError?.(new Error(message, { cause: reason }))
      return undefined
    },
  }
}

async function decrypt(sealed: string, secret: Uint8Array): Promise<string> {
  const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] }
  return new TextDecoder().decode((await compactDecrypt(sealed, await sealingKey(secret), options)).plaintext)
}

/** A key of its own: the secret itself signs form tokens. */
async function sealingKey(secret: Uint8Array): Promise<Uint8Array> {
  return base64url.decode(await digest(`oauth1 token secret ${base64url.encode(secret)}`))
}
