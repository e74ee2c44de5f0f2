import { accessTokenStore, type AccessTokenRecord, type AccessTokenStore, type RefreshTokenRecord } from './access-token-store.js'
import type { AtomicStore } from './atomic-store.js'
import { authCodeStore, type AuthCodeStore, type AuthorizationCodeRecord } from './auth-code-store.js'
import { clientStore, type ClientStore } from './client-store.js'

/** One requirement of a store, for any test runner. `run` rejects if the store does not meet it. */
export interface ContractCase<Subject> {
  /** What is required, in a sentence without its subject. */
  readonly name: string
  /** Checks a store. */
  readonly run: (subject: Subject) => Promise<void>
}

const unique = (): string => crypto.randomUUID()
const soon = (): number => Date.now() + 60_000

function check(condition: boolean, expectation: string): void {
  if (!condition) throw new Error(`expected ${expectation}`)
}

/** What every key-value store must do. Uses the real clock. */
export const atomicStoreContract: readonly ContractCase<AtomicStore>[] = [
  {
    name: 'returns what was set, and undefined for what was not',
    async run(store) {
      const key = unique()
      const value = { text: 'ä "quoted" 漢', list: [1, null, true], nested: { deep: {} } }
      check((await store.get(key)) === undefined, 'undefined for a key that was never set')
      await store.set(key, value, soon())
      check(JSON.stringify(await store.get(key)) === JSON.stringify(value), 'the same value')
      await store.set(key, 2)
      check((await store.get<number>(key)) === 2, 'the newer value')
    },
  },
  {
    name: 'drops what was deleted and what has expired',
    async run(store) {
      const [deleted, expired] = [unique(), unique()]
      await store.set(deleted, 1, soon())
      await store.delete(deleted)
      check((await store.get(deleted)) === undefined, 'nothing under a deleted key')
      await store.delete(deleted)
      await store.set(expired, 1, Date.now() + 20)
      await new Promise((resolve) => setTimeout(resolve, 60))
      check((await store.get(expired)) === undefined, 'nothing under an expired key')
    },
  },
  {
    name: 'keeps values for more than 30 days',
    async run(store) {
      const key = unique()
      await store.set(key, 1, Date.now() + 7_776_000_000)
      check((await store.get(key)) === 1, 'the value')
    },
  },
  {
    name: 'adds a key once for concurrent calls',
    async run(store) {
      const key = unique()
      const results = await Promise.all(Array.from({ length: 25 }, (_, index) => store.add(key, index, soon())))
      check(results.filter((isFirst) => isFirst).length === 1, 'one true among 25')
      check((await store.get(key)) === results.indexOf(true), 'the value of the call that won')
      check(!(await store.add(key, 'late', soon())), 'false for a later call')
    },
  },
  {
    name: 'accepts keys of 200 characters and values of 50,000',
    async run(store) {
      const key = unique().padEnd(200, 'k')
      await store.set(key, 'v'.repeat(50_000), soon())
      check((await store.get<string>(key))?.length === 50_000, 'the whole value')
    },
  },
  {
    name: 'compares keys byte by byte: case, accents and spaces make different keys',
    async run(store) {
      const base = unique()
      const keys = ['app', 'App', 'APP', 'app ', ' app', 'àpp', 'a\u0300pp', 'app\u0000', 'straße', 'strasse', 'app:*', 'app_%']
      for (const [index, key] of keys.entries()) await store.set(`${base}:${key}`, index, soon())
      for (const [index, key] of keys.entries())
        check((await store.get(`${base}:${key}`)) === index, `the value of ${JSON.stringify(key)}`)
      for (const key of keys) check(await store.add(`${base}:add:${key}`, 1, soon()), `a free key ${JSON.stringify(key)}`)
      await store.delete(`${base}:App`)
      check((await store.get(`${base}:App`)) === undefined, 'nothing under the deleted key')
      check((await store.get(`${base}:app`)) === 0, 'the value under the key in other case')
    },
  },
  {
    name: 'accepts keys of 5,000 characters, and compares all of them',
    async run(store) {
      const [one, other] = [`${unique().padEnd(5000, 'k')}1`, `${unique().padEnd(5000, 'k')}2`]
      const twin = `${one.slice(0, -1)}2`
      await store.set(one, 1, soon())
      await store.set(other, 2, soon())
      check((await store.get(one)) === 1, 'the value of the first key')
      check((await store.get(other)) === 2, 'the value of the other key')
      check((await store.get(twin)) === undefined, 'nothing under a key with another last character')
      check((await store.add(twin, 3, soon())) && !(await store.add(twin, 4, soon())), 'one addition of a long key')
    },
  },
  {
    name: 'adds a key again once the former value has expired',
    async run(store) {
      const key = unique()
      check(await store.add(key, 1, Date.now() + 20), 'true for a free key')
      let results: readonly boolean[] = []
      // memcached has whole seconds, rounds up, and is late on a busy machine: the end is far, and only reached by a store that keeps it.
      for (const end = Date.now() + 30_000; !results.includes(true) && Date.now() < end;) {
        await new Promise((resolve) => setTimeout(resolve, 25))
        results = await Promise.all(Array.from({ length: 5 }, (_, index) => store.add(key, index, soon())))
      }
      check(results.filter((isFirst) => isFirst).length === 1, 'one true among 5 after the expiry')
    },
  },
]

function token(more: Partial<RefreshTokenRecord> = {}): RefreshTokenRecord {
  const expiresAt = soon()
  return {
    token: unique(),
    clientId: 'c',
    grantType: 'g',
    scope: ['a'],
    data: { n: 1 },
    families: [unique()],
    issuedAt: Date.now(),
    expiresAt,
    ...more,
  }
}

/** What every AccessTokenStore must do. */
export const accessTokenStoreContract: readonly ContractCase<AccessTokenStore>[] = [
  {
    name: 'finds tokens by their digests, and nothing else',
    async run(store) {
      const access: AccessTokenRecord = token()
      const refresh = token()
      await store.saveToken(access)
      await store.saveRefreshToken(refresh)
      check(JSON.stringify(await store.findByToken(access.token)) === JSON.stringify(access), 'the access token')
      check((await store.findByRefreshToken(refresh.token))?.token === refresh.token, 'the refresh token')
      check((await store.findByToken(refresh.token)) === undefined, 'no access token under a refresh token')
      check((await store.findByRefreshToken(access.token)) === undefined, 'no refresh token under an access token')
      await store.deleteToken(access.token)
      await store.deleteRefreshToken(refresh.token)
      check((await store.findByToken(access.token)) === undefined, 'nothing after deleteToken')
      check((await store.findByRefreshToken(refresh.token)) === undefined, 'nothing after deleteRefreshToken')
    },
  },
  {
    name: 'lets a refresh token be used once, and returns when',
    async run(store) {
      const refresh = token()
      await store.saveRefreshToken(refresh)
      const uses = await Promise.all(Array.from({ length: 10 }, () => store.useRefreshToken(refresh, 1234)))
      check(uses.filter((use) => use === undefined).length === 1, 'one first use among 10')
      check((await store.findByRefreshToken(refresh.token))?.usedAt === 1234, 'the time of the use')
    },
  },
  {
    name: 'revokes a family, including tokens that are saved afterwards, and no other',
    async run(store) {
      const family = unique()
      const [early, late, other] = [token({ families: [family] }), token({ families: ['x', family] }), token()]
      await store.saveToken(early)
      await store.saveToken(other)
      await store.revokeFamily(family, soon())
      await store.saveRefreshToken(late)
      check((await store.findByToken(early.token)) === undefined, 'no token of the family')
      check((await store.findByRefreshToken(late.token)) === undefined, 'no token of the family that was saved late')
      check((await store.findByToken(other.token)) !== undefined, 'the token of another family')
    },
  },
]

/** What every AuthCodeStore must do. */
export const authCodeStoreContract: readonly ContractCase<AuthCodeStore>[] = [
  {
    name: 'returns a code once, and reports a replay afterwards',
    async run(store) {
      const record: AuthorizationCodeRecord = {
        code: unique(),
        clientId: 'c',
        redirectUri: 'https://app.example/cb',
        scope: ['openid'],
        userId: 'alice',
        expiresAt: soon(),
        data: {},
        grantId: unique(),
      }
      check((await store.takeCode(record.code)).outcome === 'unknown', 'unknown before it is saved')
      await store.saveCode(record)
      const taken = await Promise.all(Array.from({ length: 10 }, () => store.takeCode(record.code)))
      check(taken.filter(({ outcome }) => outcome === 'taken').length === 1, 'one taken among 10')
      check(taken.filter(({ outcome }) => outcome === 'replayed').length === 9, 'nine replays among 10')
    },
  },
]

/** What every ClientStore that can save clients must do. */
export const clientStoreContract: readonly ContractCase<Required<ClientStore>>[] = [
  {
    name: 'finds, replaces and deletes clients by their id',
    async run(store) {
      const clientId = `https://${unique()}.example/ä?x=1`
      check((await store.findClient(clientId)) === undefined, 'undefined for an unknown client')
      await store.saveClient({ clientId, redirectUris: ['https://app.example/cb'] })
      await store.saveClient({ clientId, redirectUris: [], clientName: 'Ä' })
      check((await store.findClient(clientId))?.clientName === 'Ä', 'the newer record')
      await store.deleteClient(clientId)
      check((await store.findClient(clientId)) === undefined, 'nothing after deleteClient')
    },
  },
]

/** All cases for a key-value store and the stores that are built on it. */
export const storeContract: readonly ContractCase<AtomicStore>[] = [
  ...atomicStoreContract,
  ...over(accessTokenStoreContract, accessTokenStore),
  ...over(authCodeStoreContract, authCodeStore),
  ...over(clientStoreContract, clientStore),
]

function over<Store>(
  cases: readonly ContractCase<Store>[],
  build: (store: AtomicStore) => Store,
): readonly ContractCase<AtomicStore>[] {
  return cases.map(({ name, run }) => ({ name, run: (store) => run(build(store)) }))
}
