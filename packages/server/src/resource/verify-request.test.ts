import { describe, expect, it } from 'vitest'
import { dpopKey } from '../features/dpop/dpop-proof.fixture.js'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { tokensOf, WEB } from '../server/test-requests.fixture.js'
import { json, testBrowser, tokenRequest } from '../server/test-browser.fixture.js'
import { testServer } from '../server/test-server.fixture.js'
import { digest } from '../storage/digest.js'
import { clientCredentials } from '../token/grants/client-credentials.js'

const API = 'https://api.example/items'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

async function withToken(): Promise<{ server: AuthorizationServer; token: string; bearer: { authorization: string } }> {
  const { server } = await testServer()
  const { access_token: token = '' } = await tokensOf(server)
  return { server, token, bearer: { authorization: `Bearer ${token}` } }
}
const post = (body: string, headers: Record<string, string> = FORM): Request =>
  new Request(API, { method: 'POST', body, headers })

describe('verifyRequest()', () => {
  it('finds the token in the header, in a form and in the query (RFC 6750, section 2)', async () => {
    const { server, token, bearer } = await withToken()
    expect(await server.verifyRequest(new Request(API, { headers: bearer }))).toMatchObject({ ok: true, place: 'header' })
    expect(await server.verifyRequest(post(`a=1&access_token=${token}`))).toMatchObject({ ok: true, place: 'body' })
    expect(await server.verifyRequest(new Request(`${API}?access_token=${token}`))).toMatchObject({ ok: true, place: 'query' })
    const put = new Request(API, { method: 'PUT', body: new URLSearchParams({ access_token: token }) })
    expect(await server.verifyRequest(put)).toMatchObject({ ok: true, place: 'body' })
  })

  it('leaves the body to the host', async () => {
    const { server, token } = await withToken()
    const request = post(`a=1&access_token=${token}`)
    await server.verifyRequest(request)
    expect(await request.text()).toBe(`a=1&access_token=${token}`)
  })

  it('refuses a request with more than one token', async () => {
    const { server, token, bearer } = await withToken()
    const requests = [
      post(`access_token=${token}`, { ...FORM, ...bearer }),
      new Request(`${API}?access_token=${token}`, { headers: bearer }),
      new Request(`${API}?access_token=${token}&access_token=${token}`),
      new Request(`${API}?access_token=${token}`, { method: 'POST', body: new URLSearchParams({ access_token: token }) }),
    ]
    for (const request of requests) {
      const verification = await server.verifyRequest(request)
      expect(verification).toMatchObject({ ok: false, response: { status: 400 } })
      if (!verification.ok) expect(await verification.response.json()).toMatchObject({ error: 'invalid_request' })
    }
  })

  it('finds none in a body that is no form, nor in the form of a GET', async () => {
    const { server, token } = await withToken()
    for (const request of [
      post(JSON.stringify({ access_token: token }), { 'content-type': 'application/json' }),
      post(`access_token=${token}`, { 'content-type': 'text/plain' }),
      new Request(API),
      new Request(`${API}?access_token=`),
    ]) {
      const verification = await server.verifyRequest(request)
      expect(verification.ok ? undefined : verification.response.status).toBe(401)
    }
  })

  it('does not read a large form beside a token in the header', async () => {
    const { server, bearer } = await withToken()
    expect((await server.verifyRequest(post('x'.repeat(100_000), { ...FORM, ...bearer }))).ok).toBe(true)
    const read = post('access_token=x', { ...FORM, ...bearer })
    await read.text()
    expect((await server.verifyRequest(read)).ok).toBe(true)
  })

  it('looks in the required places only, and refuses unknown requirements', async () => {
    const { server, token, bearer } = await withToken()
    const places = ['header'] as const
    expect((await server.verifyRequest(new Request(`${API}?access_token=${token}`), { places })).ok).toBe(false)
    expect((await server.verifyRequest(post(`access_token=${token}`), { places })).ok).toBe(false)
    expect((await server.verifyRequest(new Request(`${API}?access_token=${token}`, { headers: bearer }), { places })).ok).toBe(
      true,
    )
    await expect(server.verifyRequest(new Request(API), { scopes: 'a' } as object)).rejects.toThrow(/Did you mean "scope"/)
  })
})

describe('a token for one resource', () => {
  const A = 'https://a.example/'
  const limited = async (resource: string): Promise<{ readonly server: AuthorizationServer; readonly headers: HeadersInit }> => {
    const { server } = await testServer()
    const { access_token: token } = await tokensOf(server, testBrowser(server), { resource })
    return { server, headers: { authorization: `Bearer ${token}` } }
  }

  it.each([
    [A, 'https://a.example/x?y=1', {}, true],
    [A, 'https://b.example/x', {}, false],
    [A, 'http://a.example/x', {}, false],
    [A, 'https://a.example:444/x', {}, false],
    [A, 'http://inside:8080/x', { origin: 'https://a.example' }, true],
    [A, 'https://a.example/x', { origin: 'https://b.example' }, false],
    [A, 'http://inside:8080/x', { url: 'https://a.example/x' }, true],
    [A, 'https://b.example/x', { resource: A }, true],
    [A, 'https://a.example/x', { resource: 'https://b.example/' }, false],
    [A, 'https://b.example/x', { resource: 'any' }, true],
    ['https://a.example/api', 'https://a.example/api/x', {}, true],
    ['https://a.example/api', 'https://a.example/api', {}, true],
    ['https://a.example/api/', 'https://a.example/api', {}, true],
    ['https://a.example/api', 'https://a.example/apis', {}, false],
    ['https://a.example/api', 'https://a.example/other', {}, false],
    ['https://a.example/api', 'https://a.example/api/..%2fother', {}, false],
    ['https://a.example/api?tenant=1', 'https://a.example/api', {}, false],
    ['urn:example:api', 'https://a.example/', {}, false],
    ['urn:example:api', 'https://a.example/', { resource: 'urn:example:api' }, true],
  ] as const)('%s at %s, %o: %s', async (resource, url, requirements, ok) => {
    const { server, headers } = await limited(resource)
    expect((await server.verifyRequest(new Request(url, { headers }), requirements)).ok).toBe(ok)
  })
})

describe('a host that the sender may have chosen', () => {
  const [API_A, HOST] = ['https://a.example/items', { host: 'a.example' }]
  /** A request that a runtime makes of one from a network, where it has the host in no header. */
  const fromAdapter = (init: RequestInit): Request =>
    Object.setPrototypeOf(new Request(API_A, init), Object.create(Request.prototype)) as Request

  /** A server, and the headers of requests with a token of the kind. */
  async function tokenOf(kind: string): Promise<{ server: AuthorizationServer; headers: () => Promise<Record<string, string>> }> {
    const { server, clock } = await testServer({ grants: [clientCredentials()] })
    const key = await dpopKey(clock)
    const isBound = kind === 'a DPoP proof'
    const form = { ...WEB, grant_type: 'client_credentials', scope: 'email', ...(!isBound && { resource: 'https://a.example/' }) }
    const request = tokenRequest(form, isBound ? { dpop: await key.proof() } : {})
    const { access_token: token = '' } = await json(await server.fetch(request))
    const proof = async () => ({ dpop: await key.proof({ htm: 'GET', htu: API_A, ath: await digest(token) }) })
    const authorization = `${isBound ? 'DPoP' : 'Bearer'} ${token}`
    return { server, headers: async () => ({ authorization, ...(isBound && (await proof())) }) }
  }

  it.each(['a DPoP proof', 'a token for certain resources'])('is not that of %s, unless "origin" says so', async (kind) => {
    const { server, headers } = await tokenOf(kind)
    const isOk = async (request: Request, requirements = {}): Promise<boolean> =>
      (await server.verifyRequest(request, requirements)).ok
    expect(await isOk(new Request(API_A, { headers: { ...(await headers()), ...HOST } }))).toBe(false)
    expect(await isOk(fromAdapter({ headers: await headers() }))).toBe(false)
    expect(await isOk(fromAdapter({ headers: await headers() }), { origin: 'https://a.example' })).toBe(true)
    expect(await isOk(new Request(API_A, { headers: await headers() }))).toBe(true)
  })
})
