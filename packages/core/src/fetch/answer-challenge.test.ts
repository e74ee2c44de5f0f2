import { describe, expect, it } from 'vitest'
import { settled } from '../platform/settled.fixture.js'
import { countOf, createClientBench, instantTransport, type ClientBench } from '../client/client.fixture.js'
import { InteractionError } from '../errors/errors.js'
import type { Transport } from '../sign-in/transports/transport.js'

interface StepUpBench extends ClientBench {
  /** The requests to the API, in order. */
  readonly bodies: string[]
  /** Authorization requests that were made. */
  readonly requests: URLSearchParams[]
}

/** A client that is signed in, before an API that refuses its first call with a challenge. */
async function benchWithApi(status: number, challenge: string | undefined, isAllowed = true): Promise<StepUpBench> {
  const requests: URLSearchParams[] = []
  let inner: Transport | undefined
  const transport: Transport = {
    name: 'test',
    prepare: () => ({
      navigate: async (request) => {
        requests.push(request.url.searchParams)
        return inner?.prepare().navigate(request)
      },
      cancel: () => undefined,
    }),
  }
  const bench = await createClientBench({ transport, ...(isAllowed ? { stepUp: transport } : {}) })
  inner = instantTransport(bench.server)
  const bodies: string[] = []
  bench.server.faults = {
    respond: async (request) => {
      if (!request.url.startsWith('https://api.example/')) return undefined as never
      bodies.push(await request.text())
      const headers: HeadersInit = challenge === undefined ? {} : { 'www-authenticate': challenge }
      return bodies.length === 1 ? new Response('refused', { status, headers }) : new Response('data')
    },
  }
  await bench.client.login()
  requests.length = 0
  return { ...bench, bodies, requests }
}

const post = ({ client }: StepUpBench): Promise<Response> =>
  client.fetch('https://api.example/', { method: 'POST', body: 'payment' })

describe('step-up (RFC 9470)', () => {
  it('signs in with the required acr_values and max_age, then sends the same request again', async () => {
    const bench = await benchWithApi(
      401,
      'Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age="5"',
    )
    const { respond } = bench.server.faults
    bench.server.authTime = undefined
    bench.server.faults = { ...(respond && { respond }), claims: { acr: 'gold', auth_time: bench.server.now() } }
    expect(await (await post(bench)).text()).toBe('data')
    expect(bench.bodies).toEqual(['payment', 'payment'])
    expect(bench.requests.map((request) => [request.get('acr_values'), request.get('max_age')])).toEqual([['gold silver', '5']])
  })

  it('returns the refusal if the sign-in is not as strong as required', async () => {
    const bench = await benchWithApi(401, 'Bearer error="insufficient_user_authentication", acr_values="gold"')
    const response = await post(bench)
    expect([response.status, await response.text()]).toEqual([401, 'refused'])
    expect(bench.bodies).toEqual(['payment'])
  })

  it('hands the refusal on when a sign-in is not allowed', async () => {
    const bench = await benchWithApi(401, 'Bearer error="insufficient_user_authentication", acr_values="gold"', false)
    expect((await post(bench)).status).toBe(401)
    expect(bench.requests).toEqual([])
  })

  it('requests the missing scope in addition to the granted one (incremental scope)', async () => {
    const bench = await benchWithApi(403, 'Bearer error="insufficient_scope", scope="payments profile"')
    expect(await (await post(bench)).text()).toBe('data')
    expect(bench.requests[0]?.get('scope')).toBe('openid profile payments')
  })

  it('signs in with the claims of a claims challenge', async () => {
    const claims = { access_token: { acrs: { essential: true, value: 'c1?>~' } } }
    const encoded = btoa(JSON.stringify(claims))
    const bench = await benchWithApi(401, `Bearer realm="", error="insufficient_claims", claims="${encoded}"`)
    expect(await (await post(bench)).text()).toBe('data')
    expect(bench.requests.map((request) => JSON.parse(request.get('claims') ?? ''))).toEqual([claims])
  })

  it.each([
    [403, undefined],
    [401, 'Bearer error="insufficient_claims"'],
    [401, 'Bearer error="insufficient_claims", claims="no JSON"'],
    [401, `Bearer error="insufficient_claims", claims="${btoa('7')}"`],
    [403, 'Bearer error="insufficient_scope"'],
    [401, 'Bearer error="invalid_request"'],
    [401, 'Basic realm="api", Bearer error="something_new"'],
  ])('hands a %i with %s on', async (status, challenge) => {
    const bench = await benchWithApi(status, challenge)
    expect((await post(bench)).status).toBe(status)
    expect(bench.requests).toEqual([])
    expect(countOf(bench.server, 'POST /token')).toBe(1)
  })

  it('reads a 401 without a challenge as a token that is not good any more', async () => {
    const bench = await benchWithApi(401, undefined)
    expect((await post(bench)).status).toBe(200)
    expect(countOf(bench.server, 'POST /token')).toBe(2)
  })

  it('hands the refusal on, its body unread, when the token cannot be renewed', async () => {
    const bench = await benchWithApi(401, 'Bearer error="invalid_token"')
    bench.server.faults = { ...bench.server.faults, token: { refresh_token: undefined } }
    await bench.client.login()
    const response = await post(bench)
    expect([response.status, await response.text()]).toEqual([401, 'refused'])
  })
})

describe('step-up of several calls (RFC 9470 §4)', () => {
  interface ManyBench extends ClientBench {
    readonly requests: URLSearchParams[]
    readonly call: (path: string) => Promise<Response>
  }

  /**
   * A client that is signed in, before an API that takes no token issued before the last sign-in it wanted.
   *
   * @param refuse what it says to the first token for a path; it may take its time
   * @param beforeSignIn runs in each step-up
   */
  async function benchWithMany(
    refuse: (path: string) => string | Promise<string>,
    beforeSignIn: () => void | Promise<void> = () => undefined,
  ): Promise<ManyBench> {
    const requests: URLSearchParams[] = []
    let inner: Transport | undefined
    let issued = 1
    const transport: Transport = {
      name: 'test',
      prepare: () => ({
        navigate: async (request) => {
          requests.push(request.url.searchParams)
          await beforeSignIn()
          const token = { access_token: `access-token-${++issued}`, scope: request.url.searchParams.get('scope') }
          bench.server.faults = { ...bench.server.faults, token, claims: { acr: 'gold', at_hash: undefined } }
          return inner?.prepare().navigate(request)
        },
        cancel: () => undefined,
      }),
    }
    const bench = await createClientBench({ stepUp: transport })
    await bench.client.login()
    inner = instantTransport(bench.server)
    bench.server.faults = {
      respond: async ({ url, headers }) => {
        const { hostname, pathname } = new URL(url)
        if (hostname !== 'api.example') return undefined as never
        if (headers.get('authorization') !== 'Bearer access-token-1') return new Response('data')
        return new Response('refused', { status: 401, headers: { 'www-authenticate': await refuse(pathname) } })
      },
    }
    return { ...bench, requests, call: (path) => bench.client.fetch(`https://api.example${path}`) }
  }

  const gold = 'Bearer error="insufficient_user_authentication", acr_values="gold"'

  it('is one sign-in for all that are refused at once', async () => {
    const { call, requests } = await benchWithMany(() => gold)
    const responses = await Promise.all([call('/1'), call('/2'), call('/3')])
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(requests).toHaveLength(1)
  })

  it('is no second one for a refusal that comes when it is over', async () => {
    let isOver = (): void => undefined
    const over = new Promise<void>((resolve) => (isOver = resolve))
    const { call, requests } = await benchWithMany(async (path) => {
      if (path === '/late') await over
      return gold
    })
    const late = call('/late')
    expect((await call('/1')).status).toBe(200)
    isOver()
    expect((await late).status).toBe(200)
    expect(requests).toHaveLength(1)
  })

  it('with different requirements is one sign-in after the other, and the later one keeps what was granted', async () => {
    let open = 0
    const { call, requests } = await benchWithMany(
      (path) => `Bearer error="insufficient_scope", scope="${path.slice(1)}"`,
      async () => {
        expect(++open).toBe(1)
        await settled()
        open--
      },
    )
    const responses = await Promise.all([call('/read'), call('/write')])
    expect(responses.map(({ status }) => status)).toEqual([200, 200])
    expect(requests.map((request) => request.get('scope'))).toEqual(['openid profile read', 'openid profile read write'])
  })

  it('that fails leaves all of them refused, and may be tried again', async () => {
    let isClosed = true
    const { call, requests } = await benchWithMany(
      () => gold,
      () => {
        if (isClosed) throw new InteractionError('popup_closed', 'closed')
      },
    )
    const responses = await Promise.all([call('/1'), call('/2')])
    expect(responses.map(({ status }) => status)).toEqual([401, 401])
    isClosed = false
    expect((await call('/1')).status).toBe(200)
    expect(requests).toHaveLength(2)
  })
})

describe('step-up at an API that is never satisfied', () => {
  const claims = btoa('{"access_token":{"acrs":{"essential":true}}}')

  async function benchInVain(
    challenge: (call: number) => string,
    token: Readonly<Record<string, unknown>> = {},
    { acr = 'gold', scope = 'openid' } = {},
  ): Promise<ClientBench & { readonly signIns: () => number }> {
    let inner: Transport | undefined
    let [signIns, calls, issued] = [0, 0, 0]
    const stepUp: Transport = {
      name: 'test',
      prepare: () => {
        signIns += 1
        return inner?.prepare() as ReturnType<Transport['prepare']>
      },
    }
    const bench = await createClientBench({ stepUp, scope })
    inner = instantTransport(bench.server)
    bench.server.faults = {
      claims: { acr, at_hash: undefined },
      get token() {
        return { access_token: `token-${++issued}`, ...token }
      },
      respond: ({ url }) =>
        url.startsWith('https://api.example/')
          ? new Response('refused', { status: 401, headers: { 'www-authenticate': `Bearer ${challenge(++calls)}` } })
          : undefined,
    }
    await bench.client.login()
    return { ...bench, signIns: () => signIns }
  }

  it.each([
    ['acr_values', () => 'error="insufficient_user_authentication", acr_values="gold"'],
    ['ever other acr_values', (call: number) => `error="insufficient_user_authentication", acr_values="gold ${call}"`],
    ['max_age', () => 'error="insufficient_user_authentication", max_age="0"'],
    ['scope', () => 'error="insufficient_scope", scope="more"'],
    ['claims', () => `error="insufficient_claims", claims="${claims}"`],
  ])('is one sign-in a minute, whatever the number of calls: %s', async (_name, challenge) => {
    const { client, signIns, advance } = await benchInVain(challenge)
    for (let call = 0; call < 10; call += 1) expect((await client.fetch(`https://api.example/${call}`)).status).toBe(401)
    expect(signIns()).toBe(1)
    advance(60_000)
    await client.fetch('https://api.example/')
    expect(signIns()).toBe(2)
    await client.close()
  })

  it('is one sign-in a minute if it is never as strong as required, without an ID token, or fails', async () => {
    const weak = await benchInVain(() => 'error="insufficient_user_authentication", acr_values="gold"', {}, { acr: 'silver' })
    const anonymous = await benchInVain(
      () => 'error="insufficient_scope", scope="more"',
      { id_token: undefined, scope: 'read' },
      { scope: 'read' },
    )
    const failing = await benchInVain(() => 'error="insufficient_scope", scope="more"')
    failing.server.faults = { ...failing.server.faults, claims: { aud: 'another', at_hash: undefined } }
    for (let call = 0; call < 3; call += 1) {
      await failing.client.fetch('https://api.example/')
      await weak.client.fetch('https://api.example/')
      await anonymous.client.fetch('https://api.example/')
    }
    expect([weak.signIns(), anonymous.signIns(), failing.signIns()]).toEqual([1, 1, 1])
    await Promise.all([weak, anonymous, failing].map(({ client }) => client.close()))
  })

  it('does not send the request of one user again as another one who signs in', async () => {
    const bench = await benchInVain(() => 'error="insufficient_scope", scope="more"')
    const before = bench.server.log.filter((line) => line === 'POST /orders').length
    bench.server.faults = { ...bench.server.faults, claims: { sub: 'user-2', at_hash: undefined } }
    const response = await bench.client.fetch('https://api.example/orders', { method: 'POST', body: 'of user 1' })
    expect(response.status).toBe(401)
    expect(bench.client.getSnapshot().claims?.sub).toBe('user-2')
    expect(bench.server.log.filter((line) => line === 'POST /orders')).toHaveLength(before + 1)
    await bench.client.close()
  })
})
