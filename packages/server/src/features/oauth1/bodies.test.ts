import { describe, expect, it } from 'vitest'
import { API, authorize, oauth1World, URL_OF_SERVER } from './oauth1.fixture.js'

const CHUNK = 65_536
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

/** A body that counts how much of it is read. */
function counted(total: number) {
  const sent = { bytes: 0 }
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent.bytes >= total) return controller.close()
      sent.bytes += CHUNK
      controller.enqueue(new Uint8Array(CHUNK).fill(97))
    },
  })
  return { sent, body }
}

function withBody(url: string, body: BodyInit, headers: Readonly<Record<string, string>>): Request {
  return new Request(url, { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
}

describe('the body of a request to an API', () => {
  it('is not read unless the signature covers it, however large it is', async () => {
    const world = oauth1World()
    await authorize(world)
    const image = new Blob([new Uint8Array(2_000_000)], { type: 'image/jpeg' })
    expect((await world.client.fetch(API, { method: 'POST', body: image })).status).toBe(200)
    const { sent, body } = counted(10_000_000)
    const request = withBody(API, body, { authorization: 'OAuth oauth_consumer_key="photos"', 'content-type': 'image/jpeg' })
    await world.server.verifyRequest(request)
    expect(sent.bytes).toBeLessThanOrEqual(CHUNK)
    expect((await request.arrayBuffer()).byteLength).toBeGreaterThanOrEqual(10_000_000)
  })

  it.each([
    ['an API', API, {}],
    ['an API, as a form', API, FORM],
    ['an API, with a hash', API, { authorization: 'OAuth oauth_body_hash="x"' }],
    ['/initiate, as a form', `${URL_OF_SERVER}/initiate`, FORM],
    ['/initiate', `${URL_OF_SERVER}/initiate`, {}],
    ['/token, as a form', `${URL_OF_SERVER}/token`, FORM],
  ])('of a stranger is read up to the limit only: at %s', async (_, url, headers) => {
    const { server } = oauth1World()
    const { sent, body } = counted(50_000_000)
    const request = withBody(url, body, headers as Record<string, string>)
    const isEndpoint = server.handles(new URL(url))
    const verified = isEndpoint ? undefined : await server.verifyRequest(request)
    const response = verified ? !verified.ok && verified.response : await server.fetch(request)
    expect(response && response.status).toBe(Object.keys(headers).length > 0 ? 413 : 400)
    expect(sent.bytes).toBeLessThan(1_048_576 + 4 * CHUNK)
  })

  it.each(['/initiate', '/token'])('is small where credentials are requested: %s', async (path) => {
    const { server } = oauth1World()
    const send = async (body: string): Promise<number> => (await server.fetch(withBody(URL_OF_SERVER + path, body, FORM))).status
    expect(await send('+'.repeat(65_537))).toBe(413)
    expect(await send('+'.repeat(65_536))).toBe(400)
    expect(await send('a=b&'.repeat(1001))).toBe(400)
  })

  it('is read for those only who may send the request, if it is large', async () => {
    const world = oauth1World()
    await authorize(world)
    await world.client.fetch(API, { method: 'POST', body: new URLSearchParams({ a: 'b' }) })
    const authorization = world.requests.at(-1)?.headers.get('authorization') ?? ''
    const send = async (header: string | undefined): Promise<readonly [status: number, bytes: number]> => {
      const { sent, body } = counted(1_000_000)
      const request = withBody(API, body, { ...FORM, ...(header === undefined ? {} : { authorization: header }) })
      const verified = await world.server.verifyRequest(request)
      return [verified.ok ? 200 : verified.response.status, sent.bytes]
    }
    expect(await send(undefined)).toEqual([413, expect.any(Number)])
    expect((await send(undefined))[1]).toBeLessThan(65_536 + 4 * CHUNK)
    expect((await send(authorization.replace('photos', 'unknown')))[1]).toBeLessThanOrEqual(CHUNK)
    expect((await send(authorization.replace(/oauth_token="[^"]*"/, 'oauth_token="unknown"')))[1]).toBeLessThanOrEqual(CHUNK)
    expect((await send(authorization))[1]).toBeGreaterThan(900_000)
  })

  it('may be as large as "maxBodySize", if it is a form or hashed', async () => {
    const form = () => new URLSearchParams({ a: 'x'.repeat(2000) })
    const world = oauth1World({ maxBodySize: 1000 })
    await authorize(world)
    const refused = await world.client.fetch(API, { method: 'POST', body: form() })
    expect([refused.status, await refused.json()]).toMatchObject([413, { error: 'invalid_request' }])
    const larger = oauth1World({ maxBodySize: 3000 })
    await authorize(larger)
    expect((await larger.client.fetch(API, { method: 'POST', body: form() })).status).toBe(200)
    expect(() => oauth1World({ maxBodySize: -1 })).toThrow('maxBodySize')
  })

  it('must be hashed where that is required', async () => {
    const world = oauth1World()
    await authorize(world)
    await world.client.fetch(API, { method: 'POST', body: 'x' })
    world.clock.advance(1)
    const request = world.requests.at(-1) ?? expect.fail('nothing was sent')
    const verified = await world.server.verifyRequest(request, { requireBodyHash: true })
    expect(!verified.ok && (await verified.response.json())).toMatchObject({ error: 'missing_required_parameter' })
  })
})

describe('the URL of a request to an API', () => {
  it('is at the origin that clients know, behind a proxy', async () => {
    const world = oauth1World()
    await authorize(world)
    await world.client.fetch(`${API}/recent?x=1`)
    const sent = world.requests.at(-1) ?? expect.fail('nothing was sent')
    const behind = new Request(sent.url.replace('https://api.example', 'http://127.0.0.1:8080'), { headers: sent.headers })
    const origin = 'https://api.example'
    // The nonce of the same request was used: the signature is right.
    const verified = await world.server.verifyRequest(behind, { origin })
    expect(!verified.ok && (await verified.response.json())).toMatchObject({ error: 'invalid_nonce' })
  })

  it('is refused as a requirement that cannot work', async () => {
    const { server } = oauth1World()
    const request = () => new Request(API)
    await expect(server.verifyRequest(request(), { url: '/photos' })).rejects.toThrow('absolute URL')
    await expect(server.verifyRequest(request(), { origin: 'https://api.example/photos' })).rejects.toThrow('"origin"')
    await expect(server.verifyRequest(request(), { withoutTokens: true } as object)).rejects.toThrow('"withoutToken"')
  })
})
