import { describe, expect, it } from 'vitest'
import type { AuthorizationServer } from '../../server/authorization-server.js'
import { dpopKey } from '../../features/dpop/dpop-proof.fixture.js'
import type { AuthorizationServerOptions } from '../../options/server-options.js'
import { json, redeem, signIn, testBrowser, tokenRequest } from '../../server/test-browser.fixture.js'
import { CONFIDENTIAL, ISSUER, SPA, testServer, VERIFIER, type Clock } from '../../server/test-server.fixture.js'
import { authorizationCode } from './authorization-code.js'
import { clientCredentials } from './client-credentials.js'
import { refreshToken } from './refresh-token.js'
import { tokenExchange, type TokenExchangeOptions } from './token-exchange.js'

const TYPE = 'urn:ietf:params:oauth:token-type:access_token'
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
  const { server, clock } = await testServer({ grants, ...others })
  const code = await codeOf(server, { resource: 'https://api.example/' })
  const tokens = await json(await redeem(server, code))
  return { server, clock, code, token: tokens['access_token'] ?? '' }
}

async function boundToken(server: AuthorizationServer, clock: Clock): Promise<string> {
  const body = {
    grant_type: 'authorization_code',
    client_id: 'spa',
    redirect_uri: SPA.redirectUris[0] ?? '',
    code: await codeOf(server),
    code_verifier: VERIFIER,
  }
  return (
    (await json(await server.fetch(tokenRequest(body, { dpop: await (await dpopKey(clock)).proof() }))))['access_token'] ?? ''
  )
}

const recordOf = async (server: AuthorizationServer, token = '') => {
  const verified = await server.verifyRequest(new Request(ISSUER, { headers: { authorization: `Bearer ${token}` } }))
  return verified.ok ? verified.token : undefined
}

describe('the scope of an exchanged token (RFC 8693, section 2.1)', () => {
  it('is no more than the client may have', async () => {
    const { server, token } = await setUp({ clients: [SPA, { ...CONFIDENTIAL, scope: 'email' }] })
    expect((await json(await exchange(server, token)))['scope']).toBe('email')
    expect((await json(await exchange(server, token, { more: { scope: 'profile email' } })))['scope']).toBe('email')
    expect((await json(await exchange(server, token, { more: { scope: 'profile' } })))['error']).toBe('invalid_scope')
  })

  it('is refused if the client may have none of it', async () => {
    const { server, token } = await setUp({ clients: [SPA, { ...CONFIDENTIAL, scope: 'phone' }] })
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
    expect((await recordOf(server, exchanged))?.resources).toEqual(['https://api.example/'])
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
    const token = await boundToken(server, clock)
    const refused = await exchange(server, token)
    expect([refused.status, (await json(refused))['error']]).toEqual([400, 'invalid_dpop_proof'])
    const exchanged = await json(await exchange(server, token, { dpop: await (await dpopKey(clock)).proof() }))
    expect(exchanged['token_type']).toBe('DPoP')
  })
})
