import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { cibaServer } from '../features/ciba/ciba.fixture.js'
import { device } from '../features/device/device.js'
import { registration } from '../features/registration/registration.js'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { asPage, authorizePath, json, signIn, testBrowser, type TestBrowser } from '../server/test-browser.fixture.js'
import { post, WEB } from '../server/test-requests.fixture.js'
import { CONFIDENTIAL, ISSUER, SPA, testClock, testServer } from '../server/test-server.fixture.js'
import { clientStore } from '../storage/client-store.js'
import type { ConnectedStore } from '../storage/connected-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { findProgram, startRedis } from '../storage/real-server.fixture.js'
import { redisStore } from '../storage/redis-store.js'
import { storesOver } from '../storage/stores.js'
import { ATTEMPTS, from, grant, open, SECRET, times, typePassword, waitOf } from './guesses.fixture.js'
import { counterOf, countFailure, delayAfter, readCount } from './failure-counter.js'

describe('wrong passwords on the sign-in page', () => {
  it('have delays that double, also for the right one, and end', async () => {
    const { server, clock } = await open()
    const browser = testBrowser(server)
    expect((await times(ATTEMPTS, () => typePassword(browser, 'wrong')))?.status).toBe(200)
    for (const delay of [1, 2, 4]) {
      const refused = await typePassword(browser, 'wonderland')
      expect([refused.status, waitOf(refused)]).toEqual([429, delay])
      expect(await refused.text()).toContain('Too many attempts. Try again in')
      clock.advance(delay)
      expect((await typePassword(browser, 'wrong')).status).toBe(200)
    }
    clock.advance(8)
    expect((await typePassword(browser, 'wonderland')).status).toBe(303)
    expect((await times(ATTEMPTS, () => typePassword(browser, 'wrong')))?.status, 'starts again').toBe(200)
  })

  it('delay neither another address nor another user, in whatever spelling of the name', async () => {
    const { server } = await open()
    const [attacker, user] = [testBrowser(from(server, '192.0.2.1')), testBrowser(from(server, '192.0.2.2'))]
    await times(ATTEMPTS, () => typePassword(attacker, 'wrong'))
    expect((await typePassword(attacker, 'wrong', ' ALICE')).status).toBe(429)
    expect((await typePassword(attacker, 'builder', 'bob')).status).toBe(303)
    expect((await typePassword(user, 'wonderland')).status).toBe(303)
  })

  it.each([
    'alice@example.com',
    'ALICE@EXAMPLE.COM',
    '\u00C1lice',
    'A\u0301LICE',
    'ali\u200Dce',
    '\uFF41lice',
    'al\u0131ce',
    '\u00A0alice\u00A0',
    'ali\u00ADce',
    '\u202Ealice',
    'al  ice',
  ])('have one count for the spellings of a user: %j', async (spelling) => {
    const { server } = await open()
    await times(ATTEMPTS / 2, () => typePassword(testBrowser(server), 'wrong'))
    await times(ATTEMPTS / 2, () => typePassword(testBrowser(server), 'wrong', spelling))
    expect((await typePassword(testBrowser(server), 'wonderland')).status).toBe(429)
    expect((await typePassword(testBrowser(server), 'wrong', spelling)).status).toBe(429)
    await times(ATTEMPTS / 2, () => grant(server, 'wrong'))
    await times(ATTEMPTS / 2, () => grant(server, 'wrong', spelling))
    expect((await grant(server, 'wonderland')).status).toBe(429)
  })

  it('count a form with two names of one user once', async () => {
    const { server } = await open()
    const browser = testBrowser(server)
    const typed = { action: 'sign-in', username: 'alice', email: 'alice@example.com' }
    const send = async (password: string): Promise<Response> =>
      browser.submit(await asPage(await browser.get(authorizePath({ prompt: 'login' }))), { ...typed, password })
    expect((await times(ATTEMPTS, () => send('wrong')))?.status).toBe(200)
    expect((await send('wrong')).status).toBe(429)
  })

  it('do not delay a browser that the user signed in with before, however long an attack lasts', async () => {
    const { server, clock } = await open()
    const known = testBrowser(server)
    await signIn(known)
    known.cookies.delete('latchkey_5173_session')
    await times(30, async () => {
      await typePassword(testBrowser(server), 'wrong')
      clock.advance(100)
    })
    expect((await typePassword(testBrowser(server), 'wonderland')).status).toBe(429)
    expect((await typePassword(known, 'wonderland')).status).toBe(303)
    await times(ATTEMPTS, () => typePassword(known, 'wrong'))
    expect((await typePassword(known, 'wonderland')).status, 'its own guesses').toBe(429)
    expect((await typePassword(known, 'builder', 'bob')).status, 'of another user').toBe(303)
  })

  it('of many users from one address are checked one each second', async () => {
    const { server, clock } = await open({ guessLimits: { attemptsPerAddress: 2 } })
    let number = 0
    const attacker = testBrowser(from(server, '2001:db8::1'))
    await times(20, () => typePassword(attacker, 'wrong', `user${(number += 1)}`))
    expect((await typePassword(attacker, 'wrong', 'user21')).status).toBe(200)
    // Another address of the same network.
    const other = testBrowser(from(server, '2001:db8:0:0:ffff::2'))
    const refused = await typePassword(other, 'builder', 'bob')
    expect([refused.status, waitOf(refused)]).toEqual([429, 1])
    clock.advance(1)
    expect((await typePassword(other, 'builder', 'bob')).status).toBe(303)
    expect((await typePassword(testBrowser(from(server, '2001:db8:1::1')), 'builder', 'bob')).status).toBe(303)
  })

  it('of one user from many addresses leave each address one attempt, and lock no one out', async () => {
    const { server } = await open()
    let number = 0
    const elsewhere = (): TestBrowser => testBrowser(from(server, `198.51.100.${(number += 1)}`))
    await times(100, () => typePassword(elsewhere(), 'wrong'))
    const attacker = elsewhere()
    expect((await typePassword(attacker, 'wrong')).status).toBe(200)
    expect((await typePassword(attacker, 'wonderland')).status).toBe(429)
    expect((await typePassword(elsewhere(), 'wonderland')).status).toBe(303)
  })

  it('are counted by the address of the connection, and by X-Forwarded-For only behind own proxies', async () => {
    const forwarded = (server: AuthorizationServer, value: string): AuthorizationServer => ({
      ...server,
      fetch(request) {
        request.headers.set('x-forwarded-for', value)
        return from(server, '10.0.0.1').fetch(request)
      },
    })
    const direct = (await open()).server
    await times(ATTEMPTS, () => typePassword(testBrowser(forwarded(direct, '192.0.2.1')), 'wrong'))
    expect((await typePassword(testBrowser(forwarded(direct, '192.0.2.9')), 'wonderland')).status).toBe(429)
    const behind = (await open({ guessLimits: { proxies: 1 } })).server
    let number = 0
    const spoofed = (): string => `203.0.113.${(number += 1)}, 192.0.2.1`
    await times(ATTEMPTS, () => typePassword(testBrowser(forwarded(behind, spoofed())), 'wrong'))
    expect((await typePassword(testBrowser(forwarded(behind, spoofed())), 'wonderland')).status).toBe(429)
    expect((await typePassword(testBrowser(forwarded(behind, '192.0.2.1, 192.0.2.2')), 'wonderland')).status).toBe(303)
  })
})

describe('wrong passwords at the token endpoint', () => {
  it('are refused with 429 and Retry-After, and events name user and client, and no secret', async () => {
    const { server, clock, events, checked } = await open()
    await times(ATTEMPTS, () => grant(server, 'a wrong secret'))
    const refused = await grant(server, 'wonderland')
    expect([refused.status, waitOf(refused)]).toEqual([429, 1])
    expect(checked.count).toBe(ATTEMPTS)
    const about = { clientId: 'web', userId: 'alice' }
    expect(events.filter(({ type }) => type === 'sign_in.failed')).toHaveLength(ATTEMPTS)
    expect(events.find(({ type }) => type === 'sign_in.failed')).toMatchObject(about)
    expect(events.find(({ type }) => type === 'rate_limited')).toMatchObject({ ...about, endpoint: '/token' })
    await grant(server, 'wonderland', 'my password, typed as a name')
    expect(JSON.stringify(events)).not.toMatch(/wonderland|wrong secret|my password/)
    clock.advance(1)
    expect((await grant(server, 'wonderland')).status).toBe(200)
  })

  it('are limited also if they are sent at the same time', async () => {
    const { server, clock, checked } = await open()
    const burst = (): Promise<readonly Response[]> =>
      Promise.all(Array.from({ length: 100 }, (_, index) => grant(server, `wrong ${index}`)))
    await burst()
    expect(checked.count).toBeLessThanOrEqual(20)
    clock.advance(1000)
    checked.count = 0
    await burst()
    expect(checked.count).toBe(1)
  })

  it('are not limited if the option says so', async () => {
    const { server } = await open({ guessLimits: false })
    await times(50, () => grant(server, 'wrong'))
    expect((await grant(server, 'wonderland')).status).toBe(200)
  })
})

const redis = findProgram('redis-server', 'redis-server')

describe.each(['memory', 'Redis'])('two processes with one store: %s', (kind) => {
  it.skipIf(kind === 'Redis' && redis === undefined)('share the delays', async () => {
    const real = kind === 'Redis' ? await startRedis(redis ?? '') : undefined
    const clock = testClock(Date.now())
    const inMemory = memoryStore({ now: clock.now })
    const connections: ConnectedStore[] = []
    const connect = () => {
      if (!real) return inMemory
      const store = redisStore({ redis: `redis://127.0.0.1:${real.port}` })
      connections.push(store)
      return store
    }
    const [one, other] = [
      await open({ stores: storesOver(connect()), now: clock.now }),
      await open({ stores: storesOver(connect()), now: clock.now }),
    ]
    for (const { server } of [one, other]) await times(ATTEMPTS / 2, () => grant(server, 'wrong'))
    for (const { server } of [one, other]) expect((await grant(server, 'wonderland')).status).toBe(429)
    clock.advance(1)
    const both = await Promise.all([one, other, one, other].map(async ({ server }) => (await grant(server, 'wrong')).status))
    expect(both.filter((status) => status === 400)).toHaveLength(1)
    clock.advance(2)
    expect((await grant(other.server, 'wonderland')).status).toBe(200)
    expect((await grant(one.server, 'wonderland')).status).toBe(200)
    for (const store of connections) await store.close()
    await real?.stop()
  })
})

describe('wrong client secrets', () => {
  const METHODS: readonly (readonly [string, (secret: string) => Promise<RequestInit & { body: URLSearchParams }>])[] = [
    [
      'client_secret_basic',
      async (secret) => ({
        body: new URLSearchParams({ token: 't' }),
        headers: { authorization: `Basic ${btoa(`web:${encodeURIComponent(secret)}`)}` },
      }),
    ],
    [
      'client_secret_post',
      async (secret) => ({ body: new URLSearchParams({ token: 't', client_id: 'web', client_secret: secret }) }),
    ],
    [
      'client_secret_jwt',
      async (secret) => ({
        body: new URLSearchParams({
          token: 't',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: await assertion(secret),
        }),
      }),
    ],
  ]
  const clock = testClock()
  const assertion = (secret: string): Promise<string> =>
    new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('web')
      .setSubject('web')
      .setAudience(ISSUER)
      .setExpirationTime(clock.now() / 1000 + 60)
      .sign(new TextEncoder().encode(secret.padEnd(32, '.')))

  it.each(METHODS)('are limited by client and address: %s', async (method, init) => {
    const secret = 'correct horse battery staple'.padEnd(32, '.')
    const client = { ...CONFIDENTIAL, clientSecret: secret, tokenEndpointAuthMethod: method }
    const { server } = await testServer({ clients: [SPA, client], secret: SECRET }, clock)
    const send = async (address: string, given: string, path = '/introspect'): Promise<number> =>
      (await from(server, address).fetch(new Request(`${ISSUER}${path}`, { method: 'POST', ...(await init(given)) }))).status
    let endpoint = 0
    const paths = ['/introspect', '/revoke', '/token', '/par']
    await times(ATTEMPTS, () => send('192.0.2.1', 'wrong', paths[(endpoint += 1) % 4]))
    expect(await send('192.0.2.1', secret)).toBe(429)
    expect(await send('192.0.2.2', secret)).toBe(200)
    clock.advance(1)
    expect(await send('192.0.2.1', secret)).toBe(200)
  })

  it.each(['right', 'wrong'])(
    'are limited if they arrive at once, and the right one among them tells nothing: %s',
    async (sent) => {
      const { server } = await open()
      const send = (secret: string): Promise<Response> =>
        post(from(server, '192.0.2.1'), '/introspect', { token: 't', client_id: 'web', client_secret: secret })
      const secrets = Array.from({ length: 200 }, (_, index) => `wrong ${index}`)
      if (sent === 'right') secrets[150] = CONFIDENTIAL.clientSecret ?? ''
      const statuses = (await Promise.all(secrets.map(send))).map(({ status }) => status)
      expect(statuses.filter((status) => status === 401)).toHaveLength(ATTEMPTS)
      expect(statuses.filter((status) => status === 200)).toEqual([])
    },
  )

  it('do not limit right ones that arrive at once', async () => {
    const { server } = await open()
    const body = { token: 't', client_id: 'web', client_secret: CONFIDENTIAL.clientSecret ?? '' }
    const sent = Array.from({ length: 100 }, () => post(from(server, '192.0.2.1'), '/introspect', body))
    expect((await Promise.all(sent)).every(({ status }) => status === 200)).toBe(true)
  })

  it('name the client in events', async () => {
    const { server, events } = await open()
    await times(ATTEMPTS + 1, () => post(server, '/introspect', { token: 't', client_id: 'web', client_secret: 'wrong' }))
    expect(events.at(-1)).toMatchObject({ type: 'rate_limited', clientId: 'web', endpoint: '/introspect' })
  })

  it('are neither requests without a secret nor signatures of a private key', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] }
    const client = { clientId: 'web', redirectUris: [], jwks, tokenEndpointAuthMethod: 'private_key_jwt' }
    const { server } = await testServer({ clients: [client] }, clock)
    const body = { token: 't', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' }
    const signed = await new SignJWT({ jti: '1' }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
    await times(ATTEMPTS, () => post(server, '/introspect', { ...body, client_id: 'web', client_assertion: signed }))
    await times(ATTEMPTS, () => post(server, '/introspect', { token: 't', client_id: 'web' }))
    expect((await post(server, '/introspect', { token: 't', client_id: 'web' })).status).toBe(401)
  })
})

describe('other guesses', () => {
  it('of user codes are limited, in the form and in the URL, for the sender alone', async () => {
    const { server } = await testServer({ features: [device()] })
    const { user_code: code = '' } = await json(
      await post(server, '/device_authorization', { client_id: 'spa', scope: 'openid' }),
    )
    const attacker = testBrowser(from(server, '192.0.2.1'))
    const typeCode = async (browser: TestBrowser, typed: string): Promise<Response> =>
      browser.submit(await asPage(await browser.get('/oauth/device')), { action: 'code', user_code: typed })
    await times(ATTEMPTS / 2, () => attacker.get('/oauth/device?user_code=WDJB-MJHT'))
    await times(ATTEMPTS / 2, () => typeCode(attacker, 'wdjb mjht'))
    for (const refused of [await typeCode(attacker, code), await attacker.get(`/oauth/device?user_code=${code}`)]) {
      expect([refused.status, waitOf(refused)]).toEqual([429, 1])
      expect(await refused.text()).toContain('There were too many wrong codes')
    }
    expect((await typeCode(testBrowser(from(server, '192.0.2.2')), code)).status).toBe(303)
    const user = testBrowser(from(server, '192.0.2.1'))
    await signIn(user)
    expect((await typeCode(user, code)).status, 'a user who is signed in').toBe(303)
  })

  it('of registration access tokens and the initial access token are limited', async () => {
    const { server } = await testServer({
      clients: clientStore(memoryStore()),
      features: [registration({ initialAccessToken: 'the.right.initial.access.token' })],
    })
    const send = (path: string, token: string, address: string, method = 'GET'): Promise<Response> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const body = method === 'POST' ? JSON.stringify({ redirect_uris: ['https://app.example/cb'] }) : null
      return from(server, address).fetch(new Request(`${ISSUER}${path}`, { method, headers, body }))
    }
    const created = await json(await send('/register', 'the.right.initial.access.token', '192.0.2.1', 'POST'))
    await times(ATTEMPTS, () => send('/register', 'wrong', '192.0.2.1', 'POST'))
    expect((await send('/register', 'the.right.initial.access.token', '192.0.2.1', 'POST')).status).toBe(429)
    expect((await send('/register', 'the.right.initial.access.token', '192.0.2.2', 'POST')).status).toBe(201)
    const [path, token] = [`/register/${created['client_id']}`, created['registration_access_token'] ?? '']
    await times(ATTEMPTS, () => send(path, 'wrong', '192.0.2.1'))
    expect((await send(path, token, '192.0.2.1')).status).toBe(429)
    expect((await send(path, token, '192.0.2.2')).status).toBe(200)
  })

  it('of CIBA user codes are limited by user and client', async () => {
    const { server } = await cibaServer({ checkUserCode: ({ userCode }) => userCode === '1234' })
    const ask = (code: string, user = 'alice'): Promise<Response> =>
      post(server, '/backchannel_authentication', { ...WEB, scope: 'openid', login_hint: user, user_code: code })
    await times(ATTEMPTS, () => ask('0000'))
    expect([(await ask('1234')).status, (await ask('1234', 'bob')).status]).toEqual([429, 200])
  })
})

describe('the counters', () => {
  const store = memoryStore()
  const server = { stores: storesOver(store), secret: SECRET, now: () => Date.now() }
  const limits = { free: 10, longestDelay: 900 }

  it('of known addresses are shared with no one, and those of unknown ones are a fixed number', () => {
    const counters = Array.from({ length: 10_000 }, (_, index) => counterOf(['password', `name ${index}`], server))
    expect(new Set(counters).size).toBe(10_000)
    const shared = Array.from({ length: 1000 }, (_, index) => counterOf(['password', `name ${index}`], server, true))
    expect(shared.every((counter) => Number(counter.split(':')[2]) < 2 ** 20)).toBe(true)
  })

  it('hold a fixed number of guesses, and have delays of a minute and more at their end', async () => {
    const counter = counterOf(['password', 'alice'], server)
    for (let turn = 0; turn < 100; turn += 1) await countFailure(await readCount(counter, limits, server), limits, server)
    expect(store.size).toBeLessThanOrEqual(40)
    expect((await readCount(counter, limits, server)).wait).toBeGreaterThan(899_000)
  })

  it('double each delay, up to the longest', () => {
    const seconds = [9, 10, 11, 12, 19, 20, 200].map((failures) => delayAfter(failures, limits) / 1000)
    expect(seconds).toEqual([0, 1, 2, 4, 512, 900, 900])
  })

  it.each([{ attempts: 0 }, { longestDelay: 0 }, { proxies: -1 }, { addressOf: 'x' }, { attempt: 3 }])(
    'refuse %o',
    async (given) => {
      await expect(testServer({ guessLimits: given as never })).rejects.toThrow('guessLimits')
    },
  )
})
