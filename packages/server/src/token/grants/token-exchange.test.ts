import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../../server/authorization-server.js'
import { dpopKey } from '../../features/dpop/dpop-proof.fixture.js'
import type { AuthorizationServerOptions } from '../../options/server-options.js'
import { json, redeem, signIn, testBrowser, tokenRequest } from '../../server/test-browser.fixture.js'
import { ALICE, CONFIDENTIAL, ISSUER, SPA, testServer, VERIFIER, type Clock } from '../../server/test-server.fixture.js'
import { userSite } from '../../site/user-site.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { authorizationCode } from './authorization-code.js'
import { clientCredentials } from './client-credentials.js'
import { refreshToken } from './refresh-token.js'
import { tokenExchange, type TokenExchangeOptions } from './token-exchange.js'

const TYPE = 'urn:ietf:params:oauth:token-type:access_token'
const API = 'https://api.example/'
const SERVICE: ClientRecord = { ...CONFIDENTIAL, servedResources: [API] }
const WEB = { client_id: 'web', client_secret: CONFIDENTIAL.clientSecret ?? '' }

interface Exchanging {
  readonly more?: Readonly<Record<string, string>>
  readonly dpop?: string
}

function exchange(server: AuthorizationServer, token: string, { more, dpop }: Exchanging = {}): Promise<Response> {
  const grant_type = 'urn:ietf:params:oauth:grant-type:token-exchange'
  const body = { grant_type, subject_token: token, subject_token_type: TYPE, ...WEB, ...more }
  return server.fetch(tokenRequest(body, dpop === undefined ? {} : { dpop }))
}

const codeOf = async (server: AuthorizationServer, params = {}): Promise<string> =>
  (await signIn(testBrowser(server), params)).searchParams.get('code') ?? ''

/** A server, and Alice's access token with the scope `openid profile email`. */
async function setUp(options: Partial<AuthorizationServerOptions> & { readonly exchange?: TokenExchangeOptions } = {}) {
  const { exchange: how, ...others } = options
  const grants = [authorizationCode(), refreshToken(), clientCredentials(), tokenExchange(how)]
  const { server, clock } = await testServer({ grants, clients: [SPA, SERVICE], ...others })
  const code = await codeOf(server, { resource: API })
  const tokens = await json(await redeem(server, code))
  return { server, clock, code, token: tokens['access_token'] ?? '' }
}

type DpopKey = Awaited<ReturnType<typeof dpopKey>>

async function boundToken(server: AuthorizationServer, clock: Clock, key?: DpopKey): Promise<string> {
  const body = {
    grant_type: 'authorization_code',
    client_id: 'spa',
    redirect_uri: SPA.redirectUris[0] ?? '',
    code: await codeOf(server, { resource: API }),
    code_verifier: VERIFIER,
  }
  const dpop = await (key ?? (await dpopKey(clock))).proof()
  return (await json(await server.fetch(tokenRequest(body, { dpop }))))['access_token'] ?? ''
}

const recordOf = async (server: AuthorizationServer, token = '') => {
  const verified = await server.verifyRequest(new Request(ISSUER, { headers: { authorization: `Bearer ${token}` } }))
  return verified.ok ? verified.token : undefined
}

describe('the scope of an exchanged token (RFC 8693, section 2.1)', () => {
  it('is no more than the client may have', async () => {
    const { server, token } = await setUp({ clients: [SPA, { ...SERVICE, scope: 'email' }] })
    expect((await json(await exchange(server, token)))['scope']).toBe('email')
    expect((await json(await exchange(server, token, { more: { scope: 'profile email' } })))['scope']).toBe('email')
    expect((await json(await exchange(server, token, { more: { scope: 'profile' } })))['error']).toBe('invalid_scope')
  })

  it('is refused if the client may have none of it', async () => {
    const { server, token } = await setUp({ clients: [SPA, { ...SERVICE, scope: 'phone' }] })
    expect((await json(await exchange(server, token)))['error']).toBe('invalid_scope')
  })

  it('is no more than the grant gives, and the default scope adds nothing to the subject token', async () => {
    const { server, token } = await setUp({ exchange: { scopes: ['email', 'phone'], defaultScope: 'phone' } })
    expect((await json(await exchange(server, token)))['scope']).toBe('email')
    expect((await json(await exchange(server, token, { more: { scope: 'profile' } })))['error']).toBe('invalid_scope')
    const none = await setUp({ exchange: { scopes: ['phone'] } })
    expect((await json(await exchange(none.server, none.token)))['error']).toBe('invalid_scope')
  })

  it('is decided last by the policy', async () => {
    const { server, token } = await setUp({ scopePolicy: (granted) => granted.filter((name) => name !== 'profile') })
    expect((await json(await exchange(server, token, { more: { scope: 'openid email' } })))['scope']).toBe('openid email')
    const policed = await setUp({
      scopePolicy: (granted, { client }) => (client.clientId === 'web' ? granted.filter((name) => name !== 'email') : granted),
    })
    expect((await json(await exchange(policed.server, policed.token)))['scope']).toBe('openid profile')
  })
})

describe('an exchanged token', () => {
  it('has the audience of the subject token by default', async () => {
    const { server, token } = await setUp()
    const { access_token: exchanged } = await json(await exchange(server, token))
    expect((await recordOf(server, exchanged))?.resources).toEqual([API])
  })

  it('is revoked with the grant of its subject token', async () => {
    const { server, code, token } = await setUp()
    const { access_token: exchanged } = await json(await exchange(server, token))
    expect(await recordOf(server, exchanged)).toBeDefined()
    await redeem(server, code)
    expect(await recordOf(server, exchanged)).toBeUndefined()
  })

  it('names the actor (RFC 8693, section 4.1)', async () => {
    const { server, token } = await setUp()
    const own = { grant_type: 'client_credentials', scope: 'email', ...WEB }
    const actor = (await json(await server.fetch(tokenRequest(own))))['access_token'] ?? ''
    const more = { actor_token: actor, actor_token_type: TYPE }
    const { access_token: exchanged } = await json(await exchange(server, token, { more }))
    expect(await recordOf(server, exchanged)).toMatchObject({ userId: 'alice', data: { act: { sub: 'web' } } })
  })

  it('of a bound token is bound too: without a proof none is issued (RFC 9449)', async () => {
    const { server, clock } = await setUp()
    const key = await dpopKey(clock)
    const token = await boundToken(server, clock, key)
    const refused = await exchange(server, token)
    expect([refused.status, (await json(refused))['error']]).toEqual([400, 'invalid_dpop_proof'])
    const exchanged = await json(await exchange(server, token, { dpop: await key.proof() }))
    expect(exchanged['token_type']).toBe('DPoP')
  })
})

const OTHER: ClientRecord = { clientId: 'other', clientSecret: 'another secret that is long', redirectUris: [] }
const AS_OTHER = { client_id: 'other', client_secret: OTHER.clientSecret ?? '' }

async function ownToken(server: AuthorizationServer, client: Readonly<Record<string, string>> = WEB, more = {}): Promise<string> {
  const own = { grant_type: 'client_credentials', scope: 'email', ...client, ...more }
  return (await json(await server.fetch(tokenRequest(own))))['access_token'] ?? ''
}

const errorOf = async (response: Promise<Response>): Promise<string | undefined> => (await json(await response))['error']

describe('without options', () => {
  const clients = [SPA, SERVICE, OTHER]

  it('exchanges only tokens that were issued to the client, or have it as an audience', async () => {
    const { server, token } = await setUp({ clients })
    expect((await exchange(server, token)).status).toBe(200)
    const refused = await exchange(server, token, { more: AS_OTHER })
    expect(refused.status).toBe(400)
    // As for an unknown token, so that it does not tell which tokens are valid.
    expect(await json(refused)).toEqual(await json(await exchange(server, 'unknown', { more: AS_OTHER })))
    const [own, narrowed] = [await ownToken(server), { more: { scope: 'email' } }]
    expect((await exchange(server, own, narrowed)).status).toBe(200)
    expect(await errorOf(exchange(server, own, { more: AS_OTHER }))).toBe('invalid_request')
  })

  it('refuses a token without an audience, which is not for this client', async () => {
    const { server } = await setUp({ clients })
    const token = (await json(await redeem(server, await codeOf(server))))['access_token'] ?? ''
    expect(await errorOf(exchange(server, token))).toBe('invalid_request')
  })

  it('takes the id of the client as an audience', async () => {
    const named: ClientRecord = { ...OTHER, clientId: 'https://other.example/' }
    const { server } = await setUp({ clients: [SPA, named] })
    const token = (await json(await redeem(server, await codeOf(server, { resource: named.clientId }))))['access_token'] ?? ''
    expect((await exchange(server, token, { more: { ...AS_OTHER, client_id: named.clientId } })).status).toBe(200)
  })

  it.each([{ resource: 'https://new.example/' }, { audience: 'new' }, { audience: 'web' }])(
    'adds no audience: %o',
    async (more) => {
      const { server, token } = await setUp({ clients })
      expect(await errorOf(exchange(server, token, { more }))).toBe('invalid_target')
      expect(await errorOf(exchange(server, await ownToken(server), { more }))).toBe('invalid_target')
      expect((await exchange(server, token, { more: { resource: API } })).status).toBe(200)
    },
  )

  it('issues no token that lives longer than the subject token or the actor token, by no millisecond', async () => {
    const { server, clock, token } = await setUp({ clients, exchange: { expiresIn: 86_400 } })
    clock.advance(0.4)
    const { access_token: one } = await json(await exchange(server, token))
    const expiry = (await recordOf(server, token))?.expiresAt ?? 0
    expect((await recordOf(server, one))?.expiresAt).toBeLessThanOrEqual(expiry)
    clock.advance(3000)
    const later = (await json(await redeem(server, await codeOf(server, { resource: API }))))['access_token'] ?? ''
    const more = { actor_token: token, actor_token_type: TYPE }
    const { access_token: two } = await json(await exchange(server, later, { more }))
    expect((await recordOf(server, two))?.expiresAt).toBeLessThanOrEqual(expiry)
  })

  it.each([
    ['of a client that it is not for', (server: AuthorizationServer) => ownToken(server, AS_OTHER)],
    ['that is unknown', () => Promise.resolve('unknown')],
    ['that was revoked', revokedToken],
    ['that is a refresh token', async (server: AuthorizationServer) => (await tokensOf(server))['refresh_token'] ?? ''],
    ['that is an ID token', async (server: AuthorizationServer) => (await tokensOf(server))['id_token'] ?? ''],
  ])('refuses an actor token or a subject token %s', async (_what, create) => {
    const { server, token } = await setUp({ clients })
    const bad = await create(server)
    expect(await errorOf(exchange(server, token, { more: { actor_token: bad, actor_token_type: TYPE } }))).toBe('invalid_request')
    expect(await errorOf(exchange(server, bad))).toBe('invalid_request')
  })

  it('needs the key of a bound subject token, and of a bound actor token', async () => {
    const { server, clock, token } = await setUp({ clients })
    const [key, other] = [await dpopKey(clock), await dpopKey(clock)]
    const bound = await boundToken(server, clock, key)
    expect(await errorOf(exchange(server, bound, { dpop: await other.proof() }))).toBe('invalid_dpop_proof')
    const more = { actor_token: bound, actor_token_type: TYPE }
    expect(await errorOf(exchange(server, token, { more }))).toBe('invalid_dpop_proof')
    expect(await errorOf(exchange(server, token, { more, dpop: await other.proof() }))).toBe('invalid_dpop_proof')
    expect((await exchange(server, token, { more, dpop: await key.proof() })).status).toBe(200)
  })

  it('does not turn the token of another client into one that names this client as its subject', async () => {
    const { server } = await setUp({ clients })
    const token = await ownToken(server, AS_OTHER, { resource: API })
    expect(await errorOf(exchange(server, token))).toBe('invalid_request')
  })

  it('keeps the chain of actors, the current one outermost, with and without an actor token', async () => {
    const { server, token } = await setUp({ clients })
    const actor = { actor_token: await ownToken(server), actor_token_type: TYPE }
    const { access_token: first = '' } = await json(await exchange(server, token, { more: actor }))
    const impersonated = (await json(await exchange(server, first)))['access_token'] ?? ''
    expect((await recordOf(server, impersonated))?.data['act']).toEqual({ sub: 'web' })
    const user = { actor_token: token, actor_token_type: TYPE }
    const { access_token: second = '' } = await json(await exchange(server, impersonated, { more: user }))
    expect((await recordOf(server, second))?.data['act']).toEqual({ sub: 'alice', act: { sub: 'web' } })
    const nested = { actor_token: second, actor_token_type: TYPE }
    const { access_token: third } = await json(await exchange(server, first, { more: nested }))
    const chain = { sub: 'alice', act: { sub: 'alice', act: { sub: 'web', act: { sub: 'web' } } } }
    expect((await recordOf(server, third))?.data['act']).toEqual(chain)
  })

  it('limits the length of the chain', async () => {
    const { server, token } = await setUp({ clients })
    const more = { actor_token: await ownToken(server), actor_token_type: TYPE }
    let last: Record<string, string> = { access_token: token }
    for (let turn = 0; turn < 11; turn += 1) last = await json(await exchange(server, last['access_token'] ?? '', { more }))
    expect(last['error']).toBe('invalid_request')
  })

  it('issues tokens that end with the subject token and with the actor token', async () => {
    const { server, token } = await setUp({ clients })
    const actor = await ownToken(server)
    const more = { actor_token: actor, actor_token_type: TYPE }
    const { access_token: first = '' } = await json(await exchange(server, token, { more }))
    const { access_token: second = '' } = await json(await exchange(server, first))
    await revoke(server, actor, WEB)
    expect([await recordOf(server, first), await recordOf(server, second)]).toEqual([undefined, undefined])
    const { access_token: third = '' } = await json(await exchange(server, token))
    await revoke(server, token, { client_id: 'spa' })
    expect(await recordOf(server, third)).toBeUndefined()
  })
})

describe('options of a token exchange', () => {
  it('let a policy decide instead, which knows what the default is', async () => {
    const seen: boolean[] = []
    const isAllowed: TokenExchangeOptions['isAllowed'] = ({ isAllowedByDefault, client }) => {
      seen.push(isAllowedByDefault)
      return isAllowedByDefault || client.clientId === 'other'
    }
    const { server, token } = await setUp({ clients: [SPA, SERVICE, OTHER], exchange: { isAllowed } })
    expect((await exchange(server, token)).status).toBe(200)
    expect((await exchange(server, token, { more: { ...AS_OTHER, resource: 'https://new.example/' } })).status).toBe(200)
    expect(await errorOf(exchange(server, token, { more: { audience: 'new' } }))).toBe('unauthorized_client')
    expect(seen).toEqual([true, false, false])
  })

  it('let an API exchange a bound token with its own key, and never without a key', async () => {
    const { server, clock } = await setUp({ exchange: { allowRebinding: true } })
    const [bound, key] = [await boundToken(server, clock), await dpopKey(clock)]
    expect(await errorOf(exchange(server, bound))).toBe('invalid_dpop_proof')
    expect(await json(await exchange(server, bound, { dpop: await key.proof() }))).toMatchObject({ token_type: 'DPoP' })
  })

  it.each([true, false])('need the key of a bound token also if the policy allows everything (actor: %s)', async (isActor) => {
    const { server, clock, token } = await setUp({ exchange: { isAllowed: () => true } })
    const [bound, key] = [await boundToken(server, clock), await dpopKey(clock)]
    const more = isActor ? { actor_token: bound, actor_token_type: TYPE } : {}
    const refused = exchange(server, isActor ? token : bound, { more, dpop: await key.proof() })
    expect(await errorOf(refused)).toBe('invalid_dpop_proof')
  })
})

async function tokensOf(server: AuthorizationServer): Promise<Record<string, string>> {
  return json(await redeem(server, await codeOf(server, { resource: API })))
}

async function revokedToken(server: AuthorizationServer): Promise<string> {
  const { access_token: token = '' } = await tokensOf(server)
  await revoke(server, token, { client_id: 'spa' })
  return token
}

async function revoke(server: AuthorizationServer, token: string, client: Readonly<Record<string, string>>): Promise<void> {
  const body = new URLSearchParams({ ...client, token })
  expect((await server.fetch(new Request(`${ISSUER}/revoke`, { method: 'POST', body }))).status).toBe(200)
}

describe('a token that was exchanged', () => {
  it('can be exchanged ten times in a row, since each use reads all of them', async () => {
    const { server, token } = await setUp()
    let last: Record<string, string> = { access_token: token }
    for (let turn = 0; turn < 10; turn += 1) last = await json(await exchange(server, last['access_token'] ?? ''))
    expect(last).toHaveProperty('access_token')
    const response = await exchange(server, last['access_token'] ?? '')
    expect([response.status, (await json(response))['error']]).toEqual([400, 'invalid_request'])
    expect((await exchange(server, token)).status).toBe(200)
  })

  it('gives none for a user who is not active any more', async () => {
    let isActive = true
    const site = { ...userSite({ users: [ALICE] }), isActive: () => isActive }
    const { server, token } = await setUp({ site })
    expect((await exchange(server, token)).status).toBe(200)
    isActive = false
    expect((await json(await exchange(server, token)))['error']).toBe('invalid_grant')
  })
})
