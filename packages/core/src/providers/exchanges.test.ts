import { SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { createOAuthClient } from '../client/create-client.js'
import { internalsOf } from '../client/internals.js'
import type { OAuthClient } from '../client/client.js'
import { failure } from '../protocol/sign-in.fixture.js'
import { sharedKey } from '../protocol/test-server.fixture.js'
import * as providers from '../providers.js'
import { memory } from '../storage/memory.js'
import type { Transport } from '../sign-in/transports/transport.js'
import { appUrl, exchanges, type ProviderExchange } from './exchanges.fixture.js'

let key: Awaited<ReturnType<typeof sharedKey>>
beforeAll(async () => {
  key = await sharedKey('ES256', 'k1')
})

interface Playback {
  readonly client: OAuthClient
  /** Parameters of the authorization request. */
  readonly request: () => URLSearchParams
  readonly requests: Request[]
  /** The token endpoint responds with this from now on. */
  respondWith: (body: object | string, status?: number) => void
}

/** A client of the preset, before an in-process provider that plays the exchange. */
function play(exchange: ProviderExchange): Playback {
  let sent = new URLSearchParams()
  let next: readonly [object | string, number] = [exchange.token, 200]
  const requests: Request[] = []
  const transport: Transport = {
    name: 'test',
    prepare: () => ({
      async navigate({ url, state }) {
        sent = url.searchParams
        return new URL(`${appUrl}?${new URLSearchParams({ code: 'code-1', state, ...exchange.response })}`)
      },
      cancel: () => undefined,
    }),
  }
  const fetch = async (input: RequestInfo | URL): Promise<Response> => {
    const request = new Request(input)
    requests.push(request.clone())
    if (request.url.includes('.well-known/openid-configuration')) return discovery(exchange, request.url)
    if (isKeySet(request.url)) return Response.json({ keys: [key.publicJwk] })
    if (request.method !== 'POST') return Response.json(exchange.userInfo ?? { sub: 'user-1' })
    return tokenResponse(next, await idToken(exchange, sent.get('nonce'), next[0] === exchange.refreshed))
  }
  const client = createOAuthClient({
    ...exchange.preset,
    clientId: 'client-1',
    redirectUri: appUrl,
    idTokenSignedResponseAlg: 'ES256',
    transport,
    storage: memory(),
    fetch,
  })
  return { client, requests, request: () => sent, respondWith: (body, status = 200) => (next = [body, status]) }
}

const isKeySet = (url: string): boolean => /\/(?:jwks|keys)$/.test(url)

function discovery({ discovery: expected }: ProviderExchange, url: string): Response {
  if (url !== expected?.url) return new Response(null, { status: 404 })
  return Response.json({
    issuer: expected.issuer,
    authorization_endpoint: 'https://provider.example/authorize',
    token_endpoint: 'https://provider.example/token',
    jwks_uri: 'https://provider.example/jwks',
    ...expected.more,
  })
}

function tokenResponse([body, status]: readonly [object | string, number], token: string): Response {
  if (typeof body === 'string') {
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
    return new Response(body, { status, headers })
  }
  return new Response(JSON.stringify(body).replace('ID_TOKEN', token), {
    status,
    headers: { 'content-type': 'application/json;charset=UTF-8' },
  })
}

async function idToken(exchange: ProviderExchange, nonce: string | null, isRefresh: boolean): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    sub: 'user-1',
    aud: 'client-1',
    iat: now,
    exp: now + 300,
    ...(nonce !== null && !exchange.withoutNonce && { nonce }),
    ...exchange.claims,
    ...(isRefresh && exchange.refreshedClaims),
  }
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(key.privateKey)
}

async function signOutUrl(client: OAuthClient): Promise<string | undefined> {
  const calls = await internalsOf(client).sessionCalls()
  const url = await calls.createSignOutUrl('id-token', {})
  for (const name of ['id_token_hint', 'state']) url?.searchParams.delete(name)
  return url?.href
}

describe.each(exchanges.map((exchange) => [exchange.name, exchange] as const))('%s', (_name, exchange) => {
  const { expected } = exchange

  it('signs in, refreshes, signs out, and ends when the refresh token is refused', async () => {
    const { client, request, respondWith } = play(exchange)
    await client.login()
    expect(client.getSnapshot().status).toBe('signed-in')
    expect(client.getTokenSet()).toMatchObject({ accessToken: 'at-1', ...(expected.scope && { scope: expected.scope }) })
    expect(request().get('response_type')).toBe('code')
    for (const [name, value] of Object.entries(expected.request ?? {})) expect(request().get(name)).toBe(value)
    expect(client.getSnapshot().claims?.['iss']).toBe(exchange.claims?.['iss'])
    if (expected.userInfo) expect(await client.userInfo()).toMatchObject(expected.userInfo)
    expect(await signOutUrl(client)).toBe(expected.signOut)
    if (exchange.refreshed) {
      respondWith(exchange.refreshed)
      await client.refresh()
      expect(client.getTokenSet()).toMatchObject({ accessToken: 'at-2', tokenType: expect.stringMatching(/^bearer$/i) as string })
      expect(client.getTokenSet()?.refreshToken).toBeDefined()
    }
    if (exchange.refusal) {
      respondWith(exchange.refusal.body, exchange.refusal.status)
      expect(await failure(client.refresh())).toMatchObject({ code: 'token_invalid' })
      expect(client.getSnapshot().status).toBe('signed-out')
    }
  })

  it('signs out, and revokes the token where the provider can', async () => {
    const { client, requests } = play(exchange)
    await client.login()
    const { revocation_endpoint: revocation } = exchange.preset.server ?? {}
    requests.length = 0
    expect(await client.logout({ local: true })).toEqual({ local: true, provider: false })
    expect(client.getSnapshot().status).toBe('signed-out')
    const bodies = await Promise.all(
      requests.map(async (request) => [request.url, new URLSearchParams(await request.text()).get('token')]),
    )
    expect(bodies).toEqual(revocation ? [[revocation, 'rt-1']] : [])
  })

  it('has a URL for the sign-out, or says why not and who says so', () => {
    expect([expected.signOut, exchange.noSignOut].filter(Boolean)).toHaveLength(1)
    if (exchange.noSignOut) expect(URL.canParse(exchange.noSignOut.source)).toBe(true)
  })

  it('names its sources', () => {
    expect(exchange.sources.length).toBeGreaterThanOrEqual(2)
    for (const source of exchange.sources) expect(URL.canParse(source)).toBe(true)
  })
})

describe('every preset', () => {
  it('has an exchange', () => {
    const helpers = ['adaptedTokenResponse', 'bearerTokenType', 'chainHooks', 'formEncodedTokenResponse', 'renamedClaims']
    const others = ['spaceSeparatedScope', 'withQueryParameter']
    const presets = Object.keys(providers).filter((name) => ![...helpers, ...others].includes(name))
    const played = exchanges.map(({ name }) => name.toLowerCase().replaceAll(/[\s.]/g, ''))
    const spelling: Readonly<Record<string, string>> = { microsoftEntra: 'entraid', azureAdB2c: 'azureadb2c' }
    const missing = presets.filter((name) => !played.some((one) => one.startsWith(spelling[name] ?? name.toLowerCase())))
    expect(missing).toEqual([])
  })
})
