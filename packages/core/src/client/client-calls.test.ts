import { once } from 'node:events'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createAuthorizationUrl, exchange } from './authorization-url.js'
import type { OAuthClient } from './client.js'
import { countOf, createClientBench, type ClientBench } from './client.fixture.js'
import { issuer, redirectUri } from '../protocol/test-server.fixture.js'
import type { TokenSet } from '../protocol/token-set.js'
import { openSharedTabs } from '../storage/shared-storage.fixture.js'
import { createSignOutUrl } from './sign-out-url.js'

const SECOND = 1000
/** The test server's access tokens live five minutes. */
const LIFETIME = 300 * SECOND
/** From now on the test server issues another token, and an ID token without the hash of the first one. */
const secondToken = { token: { access_token: 'access-token-2' }, claims: { at_hash: undefined } }

describe('the leeway', () => {
  it('is a minute unless said otherwise: a token that near its expiry is renewed before use', async () => {
    //
    const { client, server, advance } = await createClientBench()
    await client.login()
    advance(LIFETIME - 65 * SECOND)
    await client.getAccessToken()
    expect(countOf(server, 'POST /token')).toBe(1)
    advance(10 * SECOND)
    await client.getAccessToken()
    expect(countOf(server, 'POST /token')).toBe(2)
  })

  it('can be none', async () => {
    //
    const { client, server, advance } = await createClientBench({ leeway: 0 })
    await client.login()
    advance(LIFETIME - 5 * SECOND)
    await client.getAccessToken()
    expect(countOf(server, 'POST /token')).toBe(1)
  })
})

describe('the redirect URI of one sign-in', () => {
  it('goes out with the request and again with the code', async () => {
    //
    const other = 'https://app.example/popup.html'
    const { client, server } = await createClientBench()
    const { url, state, nonce } = await createAuthorizationUrl(client, { redirectUri: other })
    expect(url.searchParams.get('redirect_uri')).toBe(other)
    server.nonce = nonce
    await exchange(client, `${other}?${new URLSearchParams({ code: 'code-1', state, iss: issuer })}`)
    expect(server.bodies.at(-1)?.get('redirect_uri')).toBe(other)
  })
})

describe('a call before start()', () => {
  it.each<readonly [string, (client: OAuthClient) => Promise<unknown>, string]>([
    ['introspect()', (client) => client.introspect(), '/introspect token=refresh-token-2'],
    ['revoke()', (client) => client.revoke(), '&token=refresh-token-2'],
    ['userInfo()', (client) => client.userInfo(), '/userinfo'],
    ['createSignOutUrl()', createSignOutUrl, ''],
  ])('restores the session: %s', async (_call, call, sent) => {
    const tabs = await openSharedTabs()
    onTestFinished(() => tabs.close())
    const first = await tabs.open()
    tabs.server.faults = { metadata: { introspection_endpoint: `${issuer}/introspect` } }
    await first.login()
    const requests: string[] = []
    tabs.server.faults = {
      async respond(request) {
        requests.push(`${new URL(request.url).pathname} ${await request.clone().text()}`)
        return request.url.endsWith('/introspect') ? Response.json({ active: true }) : undefined
      },
    }
    const client = tabs.create()
    await call(client)
    expect(requests.join()).toContain(sent)
    expect(client.getSnapshot().status).toBe('signed-in')
  })
})

describe('logout()', () => {
  it.each([undefined, new Response(null, { status: 503 })])(
    'leaves no timer behind that keeps a process alive',
    async (revocation) => {
      const { client, server } = await createClientBench()
      await client.login()
      server.faults = { respond: ({ url }) => (url.endsWith('/revoke') ? revocation : undefined) }
      const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
      const before = timers()
      await client.logout()
      expect(timers()).toBeLessThanOrEqual(before)
    },
  )
})

describe('a code without a callback URL', () => {
  it('is redeemed with the state that it came with, whatever carried the two', async () => {
    //
    const { client, server } = await createClientBench()
    const { state, nonce } = await createAuthorizationUrl(client)
    server.nonce = nonce
    await exchange(client, `${redirectUri}?${new URLSearchParams({ code: 'code-1', state, iss: issuer })}`)
    expect(server.bodies.at(-1)?.get('code')).toBe('code-1')
  })

  it('is refused without the state: nothing shows that this browser requested it', async () => {
    //
    const { client, server } = await createClientBench()
    await createAuthorizationUrl(client)
    await expect(exchange(client, `${redirectUri}?code=code-1`)).rejects.toMatchObject({ code: 'mismatching_state' })
    expect(countOf(server, 'POST /token')).toBe(0)
  })
})

describe('an expired token', () => {
  it('does not stop a new sign-in, which replaces it without a refresh', async () => {
    //
    const { client, server, advance } = await createClientBench()
    await client.login()
    advance(2 * LIFETIME)
    server.authTime = server.now()
    server.faults = secondToken
    await client.login()
    expect(server.bodies.map((body) => body.get('grant_type'))).toEqual(['authorization_code', 'authorization_code'])
    expect(await client.getAccessToken()).toBe('access-token-2')
  })
})

describe('a token for another library', () => {
  it('is renewed where needed and can be sent by any other means', async () => {
    // No method takes a foreign request: nothing would check that the token goes to an address in `resources`.
    const { client, server, advance } = await createClientBench()
    await client.login()
    advance(LIFETIME)
    server.faults = secondToken
    const request = new Request('https://elsewhere.example/', {
      headers: { authorization: `Bearer ${await client.getAccessToken()}` },
    })
    expect(request.headers.get('authorization')).toBe('Bearer access-token-2')
    expect(countOf(server, 'POST /token')).toBe(2)
  })

  it('is accepted from another HTTP client, which asks for it before each request', async () => {
    //
    const { client, server, advance } = await createClientBench()
    await client.login()
    const seen: Array<string | undefined> = []
    const api = createServer((request, response) => {
      seen.push(request.headers.authorization)
      response.end()
    }).listen(0)
    onTestFinished(() => void api.close())
    const { port } = api.address() as AddressInfo
    // Node's own client knows nothing of Latchkey.
    const call = async (): Promise<void> => {
      const headers = { authorization: `Bearer ${await client.getAccessToken()}` }
      await once(
        get({ port, headers }, (response) => response.resume()),
        'close',
      )
    }
    await call()
    advance(LIFETIME)
    server.faults = secondToken
    await call()
    await call()
    expect(seen).toEqual(['Bearer access-token-1', 'Bearer access-token-2', 'Bearer access-token-2'])
    expect(countOf(server, 'POST /token')).toBe(2)
  })
})

describe('onTokenSet', () => {
  it('has all that a row in a table needs, and survives JSON', async () => {
    // covers A-094, B-022
    const rows: TokenSet[] = []
    const { client, server } = await createClientBench({ onTokenSet: (tokenSet) => void rows.push(tokenSet) })
    await client.login()
    server.faults = { ...secondToken, token: { ...secondToken.token, refresh_token: 'refresh-token-3' } }
    await client.refresh()
    expect(rows.map(({ accessToken, refreshToken }) => ({ accessToken, refreshToken }))).toEqual([
      { accessToken: 'access-token-1', refreshToken: 'refresh-token-2' },
      { accessToken: 'access-token-2', refreshToken: 'refresh-token-3' },
    ])
    expect(rows[1]?.expiresAt).toBeGreaterThan(server.now())
    expect(JSON.parse(JSON.stringify(rows[1]))).toEqual(rows[1])
  })

  it('leads to the user, whom the app stores at the sign-in: with the claims of the ID token, or of UserInfo', async () => {
    // covers B-022, B-046
    const table = new Map<string, unknown>()
    const { client, server } = await createClientBench()
    server.faults = { claims: { name: 'Ada', email: 'ada@example.com' }, userInfo: { picture: 'https://ada.example/' } }
    client.on('signed-in', ({ tokenSet: { claims, accessToken } }) => {
      if (claims) table.set(claims.sub, { name: claims.name, email: claims.email, accessToken })
    })
    await client.login()
    expect(table.get('user-1')).toEqual({ name: 'Ada', email: 'ada@example.com', accessToken: 'access-token-1' })
    expect(client.getTokenSet()?.claims).toMatchObject({ sub: 'user-1', name: 'Ada' })
    expect(client.getSnapshot().claims).toMatchObject({ sub: 'user-1', name: 'Ada' })
    // The claims of the ID token cost no request.
    expect(server.log).not.toContain('GET /userinfo')
    expect(await client.userInfo()).toMatchObject({ sub: 'user-1', picture: 'https://ada.example/' })
    expect(countOf(server, 'GET /userinfo')).toBe(1)
  })

  it('has the user, at the sign-in and not at a refresh', async () => {
    // covers A-094, B-022
    const users: Array<string | undefined> = []
    const { client } = await createClientBench()
    client.on('signed-in', ({ tokenSet }) => users.push(tokenSet.claims?.sub))
    await client.login()
    await client.refresh()
    expect(users).toEqual(['user-1'])
  })
})

describe('a response that the server posts to a back end (form_post)', () => {
  it('is completed from its body there: with the parameters at the redirect URI', async () => {
    // covers B-020. A page cannot read a POST: the back end passes on the parameters that it received.
    const { client, server } = await createClientBench()
    const { state, nonce } = await createAuthorizationUrl(client)
    server.nonce = nonce
    const posted = new Request(redirectUri, { method: 'POST', body: new URLSearchParams({ code: 'c', state, iss: issuer }) })
    await exchange(client, `${redirectUri}?${await posted.text()}`)
    expect(client.getTokenSet()?.claims?.sub).toBe('user-1')
    // The transaction is used up.
    await expect(exchange(client, `${redirectUri}?code=c&state=${state}&iss=${issuer}`)).rejects.toMatchObject({
      code: 'mismatching_state',
    })
  })
})

describe('a streamed response', () => {
  it('comes through with the renewed token, piece by piece', async () => {
    // covers D-026
    const { client, server, advance } = await createClientBench()
    await client.login()
    advance(LIFETIME)
    server.faults = {
      ...secondToken,
      respond: (request) =>
        request.url.startsWith('https://api.example/')
          ? new Response(new Blob([request.headers.get('authorization') ?? '', ' and more']).stream())
          : undefined,
    }
    const response = await client.fetch('https://api.example/events')
    const decoder = new TextDecoder()
    let text = ''
    for await (const piece of response.body ?? []) text += decoder.decode(piece, { stream: true })
    expect(text).toBe('Bearer access-token-2 and more')
  })
})

describe('a token that UserInfo refuses (RFC 6750 §3.1)', () => {
  const refusal = (error: string, status = 401): Response =>
    new Response(null, { status, headers: { 'www-authenticate': `Bearer error="${error}", error_description="gone"` } })

  /** A client that is signed in, and a UserInfo endpoint that takes the second access token alone. */
  async function benchWithUserInfo(refuse: () => Response): Promise<ClientBench> {
    const bench = await createClientBench()
    await bench.client.login()
    bench.server.faults = {
      ...secondToken,
      respond: ({ url, headers }) =>
        url.endsWith('/userinfo') && headers.get('authorization') !== 'Bearer access-token-2' ? refuse() : undefined,
    }
    return bench
  }

  it.each([
    ['error="invalid_token"', () => refusal('invalid_token')],
    ['no challenge that can be read', () => new Response(null, { status: 401 })],
  ])('is refreshed once after %s, and UserInfo requested again', async (_what, refuse) => {
    const { client, server } = await benchWithUserInfo(refuse)
    await expect(client.userInfo()).resolves.toMatchObject({ sub: 'user-1' })
    expect(server.log.slice(-3)).toEqual(['GET /userinfo', 'POST /token', 'GET /userinfo'])
  })

  it('is renewed once for calls at the same time, and for one that is refused late', async () => {
    const { client, server } = await benchWithUserInfo(() => refusal('invalid_token'))
    const { respond } = server.faults
    const isRenewed = new Promise((done) => client.on('token-set', done))
    let calls = 0
    server.faults = {
      ...server.faults,
      respond: async (request) => {
        const answer = await respond?.(request)
        if (answer && ++calls === 3) await isRenewed
        return answer
      },
    }
    await Promise.all([client.userInfo(), client.userInfo(), client.userInfo()])
    expect(countOf(server, 'POST /token')).toBe(2)
  })

  it.each([
    ['is refused again', 401, 'invalid_token', 2],
    ['lacks a scope', 403, 'insufficient_scope', 1],
  ])('that %s is reported with the error of the server', async (_what, status, error, requests) => {
    const { client, server } = await createClientBench()
    await client.login()
    server.faults = { ...secondToken, respond: ({ url }) => (url.endsWith('/userinfo') ? refusal(error, status) : undefined) }
    await expect(client.userInfo()).rejects.toMatchObject({ code: 'userinfo_error', error, errorDescription: 'gone', status })
    expect(countOf(server, 'GET /userinfo')).toBe(requests)
  })

  it('and that cannot be refreshed is reported as refused', async () => {
    const bench = await createClientBench()
    bench.server.faults = { token: { refresh_token: undefined } }
    await bench.client.login()
    bench.server.faults = { respond: ({ url }) => (url.endsWith('/userinfo') ? refusal('invalid_token') : undefined) }
    await expect(bench.client.userInfo()).rejects.toMatchObject({ code: 'userinfo_error', error: 'invalid_token' })
    expect(bench.client.getSnapshot().status).toBe('signed-in')
  })
})
