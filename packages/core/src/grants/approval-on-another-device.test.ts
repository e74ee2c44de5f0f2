import { describe, expect, it } from 'vitest'
import { createOAuthClient } from '../client/create-client.js'
import { ciba, deviceAuthorization, type PollProgress, type StandaloneClient } from '../grants.js'
import { everythingIn, failure } from '../protocol/sign-in.fixture.js'
import { createTestServer, issuer, metadata, type TestServer } from '../protocol/test-server.fixture.js'
import { memory } from '../storage/memory.js'

const endpoints = {
  ...metadata,
  device_authorization_endpoint: `${issuer}/device`,
  backchannel_authentication_endpoint: `${issuer}/ciba`,
}

type Step = string | number

interface Elsewhere {
  readonly server: TestServer
  readonly client: StandaloneClient
  readonly waited: number[]
  readonly wait: (milliseconds: number) => Promise<void>
  readonly elapse: (milliseconds: number) => void
}

/** A server whose token endpoint responds with one step after the other: an error code, a status, and then the token. */
async function elsewhere(steps: readonly Step[], first: Readonly<Record<string, unknown>> = {}): Promise<Elsewhere> {
  const server = await createTestServer()
  const left = [...steps]
  let time = Date.now()
  server.faults = {
    token: { id_token: undefined },
    respond: (request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/device') {
        const response = {
          device_code: 'device-code-1',
          user_code: 'ABCD-EFGH',
          verification_uri: `${issuer}/go`,
          expires_in: 60,
          interval: 2,
        }
        return Response.json({ ...response, ...first })
      }
      if (pathname === '/ciba') return Response.json({ auth_req_id: 'request-id-1', expires_in: 60, interval: 2, ...first })

      const step = pathname === '/token' ? left.shift() : undefined
      if (typeof step === 'string') return Response.json({ error: step }, { status: 400 })

      return step === undefined ? undefined : new Response(null, { status: step })
    },
  }
  const waited: number[] = []
  return {
    server,
    client: { server: endpoints, clientId: 'client-1', fetch: server.fetch, now: () => time },
    waited,
    wait: async (milliseconds) => {
      waited.push(milliseconds)
      time += milliseconds
    },
    elapse: (milliseconds) => {
      time += milliseconds
    },
  }
}

describe('deviceAuthorization()', () => {
  it('returns what to show, then waits for the user (RFC 8628 §3.2 to §3.5)', async () => {
    const { server, client, waited, wait } = await elsewhere(['authorization_pending', 'authorization_pending'], {
      verification_uri_complete: `${issuer}/go?code=ABCD-EFGH`,
    })
    const device = await deviceAuthorization(client, { scope: 'read' })
    expect(device).toMatchObject({
      userCode: 'ABCD-EFGH',
      verificationUri: `${issuer}/go`,
      verificationUriComplete: `${issuer}/go?code=ABCD-EFGH`,
    })
    const progress: PollProgress[] = []
    await expect(device.poll({ wait, onProgress: (one) => progress.push(one) })).resolves.toMatchObject({
      accessToken: 'access-token-1',
    })
    expect(waited).toEqual([2000, 2000, 2000])
    expect(progress.map(({ reason }) => reason)).toEqual(['pending', 'pending'])
    expect(server.bodies[0]?.get('scope')).toBe('read')
    expect(Object.fromEntries(server.bodies[1] ?? [])).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: 'device-code-1',
      client_id: 'client-1',
    })
  })

  it('polls less often if requested, and after failures', async () => {
    const { client, waited, wait } = await elsewhere(['slow_down', 'authorization_pending', 503, 'authorization_pending'])
    await (await deviceAuthorization(client)).poll({ wait })
    expect(waited).toEqual([2000, 7000, 7000, 14_000, 14_000])
  })

  it('waits five seconds where nothing is said', async () => {
    const { client, waited, wait } = await elsewhere([], { interval: undefined })
    await (await deviceAuthorization(client)).poll({ wait })
    expect(waited).toEqual([5000])
  })

  it.each([0.001, 0.9])('polls at most once a second, whatever the server says: an interval of %s s', async (interval) => {
    const { client, waited, wait } = await elsewhere(['authorization_pending'], { interval })
    await (await deviceAuthorization(client)).poll({ wait })
    await (await ciba(client, { loginHint: 'ada' })).poll({ wait })
    expect(waited).toEqual([1000, 1000, 1000])
  })

  it.each(['access_denied', 'expired_token', 'invalid_client'])('ends with %s', async (error) => {
    const { client, wait } = await elsewhere([error])
    expect(await failure((await deviceAuthorization(client)).poll({ wait }))).toMatchObject({ code: 'token_error', error })
  })

  it('ends when the code has expired, without asking', async () => {
    const { server, client, wait, elapse } = await elsewhere([])
    const device = await deviceAuthorization(client)
    elapse(61_000)
    expect(await failure(device.poll({ wait }))).toMatchObject({ code: 'token_error', error: 'expired_token' })
    expect(server.log).not.toContain('POST /token')
  })

  it.each([
    ['an interval', [], { interval: 3_000_000 }],
    ['an interval without limit', [], { interval: 1e300 }],
    ['Retry-After', ['9999999'], {}],
    ['an endless Retry-After', ['9'.repeat(400)], {}],
  ])('ends with the code, however long the server requests to wait: %s', async (_what, pauses, first) => {
    const { server, client, waited, wait } = await elsewhere([], first)
    const { respond } = server.faults
    const busy = (request: Request): ReturnType<NonNullable<typeof respond>> =>
      request.url.endsWith('/token')
        ? new Response(null, { status: 503, headers: { 'retry-after': pauses[0] ?? '0' } })
        : respond?.(request)
    server.faults = { respond: busy }
    const device = await deviceAuthorization(client)
    expect(await failure(device.poll({ wait }))).toMatchObject({ error: 'expired_token' })
    expect(waited.length).toBeLessThan(4)
    expect(waited.reduce((sum, ms) => sum + ms, 0)).toBe(60_000)
  })

  it('can be aborted while it waits', async () => {
    const { client } = await elsewhere([])
    const controller = new AbortController()
    const poll = (await deviceAuthorization(client)).poll({ signal: controller.signal })
    controller.abort()
    expect(await failure(poll)).toMatchObject({ code: 'aborted' })
  })

  it('signs a client in, its ID token checked', async () => {
    const { server, wait } = await elsewhere([])
    server.faults = { ...server.faults, token: {} }
    const client = createOAuthClient({
      server: endpoints,
      clientId: 'client-1',
      scope: 'openid',
      storage: memory(),
      fetch: server.fetch,
    })
    await client.start()
    await (await deviceAuthorization(client)).poll({ wait })
    expect(client.getSnapshot()).toMatchObject({ status: 'signed-in', claims: { sub: 'user-1' } })
    await client.close()
  })

  it('says so when the server has no endpoint for it', async () => {
    const { client } = await elsewhere([])
    expect(await failure(deviceAuthorization({ ...client, server: metadata }))).toMatchObject({ code: 'unsupported' })
  })

  it.each(['device_code', 'user_code', 'verification_uri'])('refuses a response without "%s"', async (name) => {
    const { client } = await elsewhere([], { [name]: undefined })
    expect(await failure(deviceAuthorization(client))).toMatchObject({ code: 'invalid_response' })
  })

  it('keeps the device code out of errors', async () => {
    const { server, client, wait } = await elsewhere([])
    const device = await deviceAuthorization(client)
    const body = { error: 'invalid_grant', error_description: 'device-code-1 is unknown' }
    server.faults = { respond: () => Response.json(body, { status: 400 }) }
    expect(everythingIn(await failure(device.poll({ wait })))).not.toContain('device-code-1')
  })
})

describe('ciba()', () => {
  it('requests approval from the user in the hint, then waits', async () => {
    const { server, client, wait } = await elsewhere(['authorization_pending'])
    const request = await ciba({ ...client, scope: 'read' }, { loginHint: 'ada', bindingMessage: 'W4SCT', requestedExpiry: 60 })
    await expect(request.poll({ wait })).resolves.toMatchObject({ accessToken: 'access-token-1' })
    expect(Object.fromEntries(server.bodies[0] ?? [])).toEqual({
      scope: 'read',
      login_hint: 'ada',
      binding_message: 'W4SCT',
      requested_expiry: '60',
      client_id: 'client-1',
    })
    expect(Object.fromEntries(server.bodies[1] ?? [])).toEqual({
      grant_type: 'urn:openid:params:grant-type:ciba',
      auth_req_id: 'request-id-1',
      client_id: 'client-1',
    })
  })

  it('ends when the time is over, by the rule of CIBA', async () => {
    const { server, client, wait, elapse } = await elsewhere([])
    const request = await ciba(client, { loginHint: 'ada' })
    elapse(61_000)
    expect(await failure(request.poll({ wait }))).toMatchObject({
      error: 'expired_token',
      spec: 'OpenID Connect CIBA Core 1.0, section 11',
    })
    expect(server.log).not.toContain('POST /token')
  })

  it('ends with the request, however long the server requests to wait', async () => {
    const { server, client, waited, wait } = await elsewhere([], { interval: 3_000_000, expires_in: 120 })
    const request = await ciba(client, { loginHint: 'ada' })
    expect(await failure(request.poll({ wait }))).toMatchObject({ error: 'expired_token' })
    expect(waited).toEqual([120_000])
    expect(server.log).not.toContain('POST /token')
  })

  it.each([{}, { loginHint: 'ada', idTokenHint: 'x' }])('wants exactly one hint, not %j', async (hints) => {
    const { client } = await elsewhere([])
    expect(await failure(ciba(client, hints))).toMatchObject({ code: 'configuration' })
  })
})
