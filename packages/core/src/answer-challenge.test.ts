import { describe, expect, it } from 'vitest'
import { countOf, createClientBench, instantTransport, type ClientBench } from './client.fixture.js'
import type { Transport } from './transport/transport.js'

interface StepUpBench extends ClientBench {
  /** What the API was asked with, call by call. */
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
  it('signs in with the asked acr_values and max_age, then sends the same request again', async () => {
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

  it('hands the refusal on when the answer is not as strong as was asked', async () => {
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

  it('asks for the missing scope beside the granted one (incremental scope)', async () => {
    const bench = await benchWithApi(403, 'Bearer error="insufficient_scope", scope="payments profile"')
    expect(await (await post(bench)).text()).toBe('data')
    expect(bench.requests[0]?.get('scope')).toBe('openid profile payments')
  })

  it.each([
    [403, undefined],
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
