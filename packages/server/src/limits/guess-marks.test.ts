import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { post } from '../server/test-requests.fixture.js'
import { CONFIDENTIAL, SPA, testClock } from '../server/test-server.fixture.js'
import { memoryStore } from '../storage/memory-store.js'
import { storesOver } from '../storage/stores.js'
import { ATTEMPTS, from, open, SECRET, times } from './guesses.fixture.js'

const OTHER = { ...CONFIDENTIAL, clientId: 'other' }
const RIGHT = CONFIDENTIAL.clientSecret ?? ''
/** Seconds until a failure is forgotten. */
const FORGOTTEN = 3600

async function introspect(server: AuthorizationServer, secret: string, client = 'web', address = '192.0.2.1'): Promise<number> {
  const body = { token: 't', client_id: client, client_secret: secret }
  return (await post(from(server, address), '/introspect', body)).status
}

describe('the marks of counters', () => {
  it.each(['192.0.2.1', '2001:db8::1'])('cost a client that guesses nothing wrong one read: %s', async (address) => {
    const keys: string[] = []
    const store = memoryStore()
    const { server } = await open({
      stores: storesOver({
        ...store,
        get<Value>(key: string) {
          keys.push(key)
          return store.get<Value>(key)
        },
      }),
    })
    expect(await introspect(server, RIGHT, 'web', address)).toBe(200)
    expect(keys.filter((key) => key.startsWith('guess:'))).toHaveLength(1)
  })

  it('are kept for as long as the last failure is remembered', async () => {
    const clock = testClock()
    const { server } = await open({ clients: [SPA, CONFIDENTIAL, OTHER], now: clock.now })
    await introspect(server, 'wrong', 'other')
    clock.advance(FORGOTTEN - 60)
    await times(ATTEMPTS, () => introspect(server, 'wrong'))
    clock.advance(FORGOTTEN - 60)
    // It has a place of its own: a count that was overlooked would find it taken.
    expect(await introspect(server, 'wrong')).toBe(401)
    expect(await introspect(server, RIGHT)).toBe(429)
  })

  it('are kept for as long as the count that a right guess has started again', async () => {
    const clock = testClock()
    const { server } = await open({ now: clock.now })
    await introspect(server, 'wrong')
    clock.advance(FORGOTTEN - 60)
    expect(await introspect(server, RIGHT)).toBe(200)
    // After the mark of the failure.
    clock.advance(150)
    await times(ATTEMPTS, () => introspect(server, 'wrong'))
    expect(await introspect(server, RIGHT)).toBe(429)
  })

  it('tell other processes of failures, also of one that has just accepted the client', async () => {
    const clock = testClock()
    const stores = storesOver(memoryStore({ now: clock.now }))
    const processes = await Promise.all([1, 2].map(() => open({ stores, now: clock.now, secret: SECRET })))
    const [one, other] = processes.map(({ server }) => server)
    if (!one || !other) throw new Error('two servers')
    expect(await introspect(other, RIGHT)).toBe(200)
    await times(ATTEMPTS, () => introspect(one, 'wrong'))
    expect(await introspect(other, RIGHT)).toBe(429)
    expect(await introspect(other, RIGHT, 'web', '192.0.2.2')).toBe(200)
  })
})
