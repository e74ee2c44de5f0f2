import { storesOfIssuer } from './stores-of-issuer.js'
import { createAuthorizationServer } from '../server/create-server.js'
import { CIBA_GRANT_TYPE } from '../features/ciba/ciba-request.js'
import { ciba } from '../features/ciba/ciba.js'
import { storeHooks } from '../features/oauth1/store-hooks.js'
import { userSite } from '../site/user-site.js'
import { authorizationCode } from '../token/grants/authorization-code.js'
import { refreshToken } from '../token/grants/refresh-token.js'
import type { ConnectedStore } from './connected-store.js'
import { digest } from './digest.js'
import { memcachedStore } from './memcached-store.js'
import { mysqlStore } from './mysql-store.js'
import { postgresStore } from './postgres-store.js'
import { redisStore } from './redis-store.js'
import { sqliteStore } from './sqlite-store.js'
import { RACE_ISSUER } from './race-issuer.fixture.js'
import { storesOver } from './stores.js'

/** What each grant redeems. */
const PARAMETERS = { authorization_code: 'code', refresh_token: 'refresh_token', [CIBA_GRANT_TYPE]: 'auth_req_id' } as const

/** What the parent process sends: where the store is, and what to race for. */
export interface RaceOrder {
  readonly kind: 'redis' | 'memcached' | 'sqlite' | 'postgres' | 'mysql'
  readonly place: string
  /** Other than a grant: `take`, codes straight out of the store; `oauth1`, nonces and temporary credentials of OAuth 1.0a. */
  readonly grantType: keyof typeof PARAMETERS | 'take' | 'oauth1'
  readonly tokens: readonly string[]
}

function open({ kind, place }: RaceOrder): ConnectedStore {
  switch (kind) {
    case 'redis':
      return redisStore({ redis: place })
    case 'memcached':
      return memcachedStore({ servers: place })
    case 'postgres':
      return postgresStore({ postgres: place })
    case 'mysql':
      return mysqlStore({ mysql: place })
    case 'sqlite':
      return sqliteStore({ file: place })
  }
}

/** One process of two: a whole server over the shared store, which redeems every code that the other one redeems too. */
async function race(order: RaceOrder): Promise<readonly number[]> {
  const store = open(order)
  const stores = storesOver(store)
  const server = createAuthorizationServer({
    issuer: RACE_ISSUER,
    clients: [{ clientId: 'web', clientSecret: 'secret', redirectUris: ['https://web.example/cb'] }],
    site: userSite({ users: [{ sub: 'alice' }] }),
    stores,
    // With a grace period, two identical requests may both succeed.
    grants: [authorizationCode(), refreshToken({ grace: 0 })],
    features: [ciba()],
    scopes: ['read'],
  })
  const won: number[] = []
  const { authCodes } = storesOfIssuer(stores, RACE_ISSUER)
  const take = async (code: string, index: number): Promise<void> => {
    if ((await authCodes.takeCode(await digest(code))).outcome === 'taken') won.push(index)
  }
  const hooks = storeHooks(store, new Uint8Array(32))
  const spendOnce = async (token: string, index: number): Promise<void> => {
    const credential = { token, tokenSecret: '', clientId: 'web', callback: 'oob', expiresAt: Date.now() + 600_000 }
    // Every other one is a nonce.
    const isMine =
      index % 2 === 0
        ? await hooks.deleteTemporaryCredential(credential)
        : !(await hooks.existsNonce({ ...credential, nonce: token, timestamp: 1 }))
    if (isMine) won.push(index)
  }
  const redeem = async (token: string, index: number): Promise<void> => {
    if (order.grantType === 'take') return take(token, index)
    if (order.grantType === 'oauth1') return spendOnce(token, index)
    const name = PARAMETERS[order.grantType]
    const body = new URLSearchParams({ grant_type: order.grantType, client_id: 'web', client_secret: 'secret', [name]: token })
    const response = await server.fetch(new Request('http://127.0.0.1/oauth/token', { method: 'POST', body }))
    if (response.status === 200) won.push(index)
  }
  // In blocks: enough at once to collide, not so many that all of them wait for the first.
  for (let start = 0; start < order.tokens.length; start += 25)
    await Promise.all(order.tokens.slice(start, start + 25).map((token, offset) => redeem(token, start + offset)))

  await store.close()
  return won
}

process.on('message', (order: RaceOrder) => {
  void race(order).then((won) => process.send?.({ won }))
})
process.once('disconnect', () => process.exit())
process.send?.('ready')
