import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { AccessTokenStore } from './access-token-store.js'
import type { AtomicStore } from './atomic-store.js'
import type { AuthCodeStore } from './auth-code-store.js'
import { digest } from './digest.js'
import type { Stores } from './stores.js'

/** A record with the issuer that has written it. A host's own table may drop that. */
interface Issued {
  readonly issuer?: string | undefined
}

/**
 * Keeps what a server stores apart from that of other servers on the same stores: a session, code or token of one issuer is unknown to the
 * others, whose users, clients and keys are other ones.
 */
export function storesOfIssuer({ accessTokens, authCodes, state }: Stores, issuer: string): Stores {
  return {
    accessTokens: tokensOf(accessTokens, issuer),
    authCodes: codesOf(authCodes, issuer),
    state: stateOf(state, bytesToHex(sha256(new TextEncoder().encode(issuer))).slice(0, 16)),
  }
}

function tokensOf(store: AccessTokenStore, issuer: string): AccessTokenStore {
  return {
    saveToken: (record) => store.saveToken(withIssuer(record, issuer)),
    findByToken: async (token) => ownRecord(await store.findByToken(token), issuer),
    deleteToken: (token) => store.deleteToken(token),
    saveRefreshToken: (record) => store.saveRefreshToken(withIssuer(record, issuer)),
    findByRefreshToken: async (token) => ownRecord(await store.findByRefreshToken(token), issuer),
    deleteRefreshToken: (token) => store.deleteRefreshToken(token),
    useRefreshToken: (record, now) => store.useRefreshToken(record, now),
    revokeFamily: (family, expiresAt) => store.revokeFamily(family, expiresAt),
  }
}

function codesOf(store: AuthCodeStore, issuer: string): AuthCodeStore {
  // To take a code uses it up, so that of another server must not be found.
  const own = (code: string): Promise<string> => digest(`${issuer} ${code}`)
  return {
    saveCode: async (record) => store.saveCode(withIssuer({ ...record, code: await own(record.code) }, issuer)),
    async takeCode(code, onFound) {
      const found = await store.takeCode(await own(code), onFound)
      // The host, or an earlier release, may have saved a code by itself.
      const taken = found.outcome === 'unknown' ? await store.takeCode(code, onFound) : found
      if (taken.outcome === 'unknown') return taken
      const record = ownRecord(taken.record, issuer)
      return record ? { ...taken, record } : { outcome: 'unknown' }
    },
  }
}

function stateOf(store: AtomicStore, name: string): AtomicStore {
  const own = (key: string): string => `${key}@${name}`
  return {
    get: (key) => store.get(own(key)),
    set: (key, value, expiresAt) => store.set(own(key), value, expiresAt),
    add: (key, value, expiresAt) => store.add(own(key), value, expiresAt),
    delete: (key) => store.delete(own(key)),
  }
}

/** V8 takes far longer for a member behind a spread. */
function withIssuer<Saved extends object>(record: Saved, issuer: string): Saved & Issued {
  return 'issuer' in record ? { ...record, issuer } : { issuer, ...record }
}

function ownRecord<Found extends object>(record: (Found & Issued) | undefined, issuer: string): Found | undefined {
  if (!record) return undefined
  const { issuer: writer, ...rest } = record
  // A store may read an absent member as null.
  return (writer ?? issuer) === issuer ? (rest as unknown as Found) : undefined
}
