import { signatureBaseString, findSignatureMethod, authorizationHeader, withParameters } from '@latchkey/oauth1/signature'
import { describe, expect, it } from 'vitest'
import { asPage, locationOf } from '../../server/test-browser.fixture.js'
import { allow, API, authorize, CALLBACK, oauth1World, URL_OF_SERVER, type OAuth1World } from './oauth1.fixture.js'

const SECRET = 'printer secret'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

interface Signed {
  readonly method?: string
  readonly url?: string
  readonly form?: string
  readonly parameters?: Readonly<Record<string, string | undefined>>
  readonly tokenSecret?: string
  readonly clientSecret?: string
}

/** Signs a request by hand, so that each part of it can be changed. */
async function signed({ clock }: Pick<OAuth1World, 'clock'>, changes: Signed = {}) {
  const { method = 'POST', url = `${URL_OF_SERVER}/initiate`, form, tokenSecret, clientSecret = SECRET } = changes
  const all: Record<string, string | undefined> = {
    oauth_consumer_key: 'photos',
    oauth_nonce: crypto.randomUUID(),
    oauth_timestamp: String(Math.floor(clock.now() / 1000)),
    oauth_signature_method: 'HMAC-SHA1',
    oauth_version: '1.0',
    ...changes.parameters,
  }
  const parameters = new Map(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined))
  const baseString = signatureBaseString({ method, url: new URL(url), form, parameters })
  const isPlain = parameters.get('oauth_signature_method') === 'PLAINTEXT'
  const signer = findSignatureMethod(isPlain ? 'PLAINTEXT' : 'HMAC-SHA1') ?? expect.fail('no method')
  parameters.set('oauth_signature', await signer.sign(baseString, { clientSecret, tokenSecret }))
  return { method, url, form, parameters }
}

type SignedRequest = Awaited<ReturnType<typeof signed>>

function asRequest({ method, url, form, parameters }: SignedRequest): Request {
  const headers = { authorization: authorizationHeader(parameters), ...(form !== undefined && FORM) }
  return new Request(url, { method, headers, ...(form !== undefined && { body: form }) })
}

const initiate = { parameters: { oauth_callback: CALLBACK } }

async function refusalOf(response: Response): Promise<[number, string | null]> {
  const text = await response.text()
  const error = text.startsWith('{') ? (JSON.parse(text) as { error: string }).error : new URLSearchParams(text).get('error')
  return [response.status, error]
}

describe('a request for temporary credentials is refused', () => {
  const send = async (world: OAuth1World, request: SignedRequest) => refusalOf(await world.send(asRequest(request)))

  it('without a parameter', async () => {
    // covers E-033, E-048
    const world = oauth1World()
    for (const name of ['oauth_consumer_key', 'oauth_callback', 'oauth_signature_method', 'oauth_timestamp', 'oauth_nonce']) {
      const request = await signed(world, { parameters: { oauth_callback: CALLBACK, [name]: undefined } })
      expect([name, await send(world, request)]).toEqual([name, [400, 'missing_required_parameter']])
    }
    const request = await signed(world, initiate)
    request.parameters.delete('oauth_signature')
    expect(await send(world, request)).toEqual([400, 'missing_required_parameter'])
  })

  it('with another method', async () => {
    // covers E-032, E-052
    const world = oauth1World()
    expect(await send(world, await signed(world, { ...initiate, method: 'GET' }))).toEqual([405, 'method_not_allowed'])
  })

  it('from an unknown client, and with a wrong secret', async () => {
    // covers E-004, E-051
    const world = oauth1World()
    const unknown = await signed(world, { parameters: { oauth_callback: CALLBACK, oauth_consumer_key: 'unknown' } })
    expect(await send(world, unknown)).toEqual([401, 'invalid_client'])
    const response = await world.send(asRequest(await signed(world, { ...initiate, clientSecret: 'guessed' })))
    expect(response.headers.get('www-authenticate')).toBe(`OAuth realm="${URL_OF_SERVER}"`)
    expect(await refusalOf(response)).toEqual([401, 'invalid_signature'])
  })

  it('with a callback that is no absolute URL, runs a script, or is not the client’s', async () => {
    // covers E-049
    const clients = [{ clientId: 'photos', clientSecret: SECRET, callbackUrls: [CALLBACK] }]
    for (const callback of [
      '/ready',
      'javascript:alert(1)',
      'data:text/html,x',
      `${CALLBACK}#a`,
      'nothing',
      'http://app.example/ready',
    ]) {
      const world = oauth1World()
      expect(await send(world, await signed(world, { parameters: { oauth_callback: callback } }))).toEqual([
        400,
        'invalid_request',
      ])
    }
    const world = oauth1World({ clients })
    for (const callback of ['https://evil.example/ready', `${CALLBACK}/x`, 'http://app.example/ready']) {
      expect(await send(world, await signed(world, { parameters: { oauth_callback: callback } }))).toEqual([
        400,
        'invalid_request',
      ])
    }
    const own = await world.send(asRequest(await signed(world, { parameters: { oauth_callback: `${CALLBACK}?state=1` } })))
    expect(own.status).toBe(200)
  })

  it('with a signature method that is not in the configuration', async () => {
    // covers E-021, E-050
    const world = oauth1World({ signatureMethods: ['HMAC-SHA256'] })
    for (const method of ['HMAC-SHA1', 'PLAINTEXT', 'RSA-SHA1', 'none', 'HMAC-MD5']) {
      const request = await signed(world, { parameters: { oauth_callback: CALLBACK, oauth_signature_method: method } })
      expect(await send(world, request)).toEqual([400, 'unsupported_signature_method'])
    }
  })

  it('with PLAINTEXT by default', async () => {
    const world = oauth1World()
    const request = await signed(world, { parameters: { oauth_callback: CALLBACK, oauth_signature_method: 'PLAINTEXT' } })
    expect(await send(world, request)).toEqual([400, 'unsupported_signature_method'])
  })

  it('with another version', async () => {
    const world = oauth1World()
    const request = await signed(world, { parameters: { oauth_callback: CALLBACK, oauth_version: '2.0' } })
    expect(await send(world, request)).toEqual([400, 'unsupported_parameter'])
  })

  it('with a timestamp that is no positive integer, or more than 300 s from the clock', async () => {
    // covers E-015
    const world = oauth1World()
    const now = Math.floor(world.clock.now() / 1000)
    for (const timestamp of [now - 301, now + 301, -now, 0, `${now}.5`, `+${now}`, 'now', ` ${now}`, '9'.repeat(30)]) {
      const request = await signed(world, { parameters: { oauth_callback: CALLBACK, oauth_timestamp: String(timestamp) } })
      expect([timestamp, await send(world, request)]).toEqual([timestamp, [400, 'invalid_request']])
    }
    for (const timestamp of [now - 300, now + 300]) {
      const request = await signed(world, { parameters: { oauth_callback: CALLBACK, oauth_timestamp: String(timestamp) } })
      expect((await world.send(asRequest(request))).status).toBe(200)
    }
  })

  it('a second time, as long as its timestamp is accepted', async () => {
    // covers E-012, E-013, E-014, E-026
    const world = oauth1World()
    const ahead = String(Math.floor(world.clock.now() / 1000) + 300)
    const request = await signed(world, { parameters: { oauth_callback: CALLBACK, oauth_timestamp: ahead } })
    expect((await world.send(asRequest(request))).status).toBe(200)
    expect(await send(world, request)).toEqual([401, 'invalid_nonce'])
    world.clock.advance(599)
    expect(await send(world, request)).toEqual([401, 'invalid_nonce'])
    world.clock.advance(2)
    expect(await send(world, request)).toEqual([400, 'invalid_request'])
  })

  it('without storing the nonce of a request whose signature is wrong', async () => {
    const world = oauth1World()
    const request = await signed(world, initiate)
    const forged = { ...request, parameters: new Map(request.parameters).set('oauth_signature', 'AAAA') }
    expect(await send(world, forged)).toEqual([401, 'invalid_signature'])
    expect((await world.send(asRequest(request))).status).toBe(200)
  })

  it('after a change of oauth_callback', async () => {
    const world = oauth1World()
    const request = await signed(world, initiate)
    const parameters = new Map(request.parameters).set('oauth_callback', 'https://evil.example/ready')
    expect(await send(world, { ...request, parameters })).toEqual([401, 'invalid_signature'])
  })

  it('with a parameter twice, or in two places', async () => {
    // covers E-044, E-050
    const world = oauth1World()
    const { url, parameters } = await signed(world, initiate)
    const headers = { authorization: authorizationHeader(parameters) }
    const duplicated = [400, 'duplicated_oauth_protocol_parameter']
    const twice = { authorization: `${headers.authorization}, oauth_nonce="again"` }
    const inQuery = `${url}?oauth_callback=https%3A%2F%2Fevil.example%2F`
    const requests = [
      new Request(url, { method: 'POST', headers: twice }),
      new Request(inQuery, { method: 'POST', headers }),
      new Request(url, { method: 'POST', headers: { ...headers, ...FORM }, body: 'oauth_token=x' }),
      new Request(url, { method: 'POST', headers: FORM, body: withParameters('oauth_nonce=x', parameters) }),
      new Request(url, { method: 'POST', headers: { ...headers, ...FORM }, body: '%6fauth_token=x' }),
    ]
    for (const request of requests) expect(await refusalOf(await world.send(request))).toEqual(duplicated)
  })

  it('with a malformed header', async () => {
    // covers E-045
    const world = oauth1World()
    for (const header of [
      'OAuth oauth_nonce=1',
      'OAuth oauth_nonce="%zz"',
      'OAuth oauth_nonce="%ff"',
      'oauth "x"',
      'OAuth a="1" b="2"',
    ]) {
      const request = new Request(`${URL_OF_SERVER}/initiate`, { method: 'POST', headers: { authorization: header } })
      expect([header, ...(await refusalOf(await world.send(request)))]).toEqual([header, 400, 'invalid_request'])
    }
  })

  it('without https, except on loopback', async () => {
    // covers E-046
    expect(() => oauth1World({ url: 'http://provider.example/oauth' })).toThrow(/http/)
    const { server } = oauth1World()
    const verified = await server.verifyRequest(new Request('http://api.example/photos'))
    expect(verified.ok ? 200 : await refusalOf(verified.response)).toEqual([400, 'insecure_transport'])
    for (const host of ['localhost:5173', '127.0.0.1:5173', '[::1]:5173']) {
      const url = `http://${host}/oauth`
      const world = oauth1World({ url })
      const own = await signed(world, { ...initiate, url: `${url}/initiate` })
      expect((await world.server.fetch(asRequest(own))).status).toBe(200)
    }
  })
})

describe('a request for token credentials is refused', () => {
  async function temporaryOf(world: OAuth1World) {
    const temporary = await world.client.temporaryCredentials()
    const callback = locationOf(await allow(world.browser, world.client.authorizationUrl(temporary)))
    return { ...temporary, verifier: callback.searchParams.get('oauth_verifier') ?? '' }
  }

  it('with a wrong or missing verifier, which ends the temporary credentials', async () => {
    // covers D-008, E-041
    const world = oauth1World()
    const temporary = await temporaryOf(world)
    await expect(world.client.tokenCredentials(temporary, '')).rejects.toMatchObject({ code: 'missing_code' })
    await expect(world.client.tokenCredentials(temporary, 'guess')).rejects.toMatchObject({
      code: 'token_error',
      error: 'invalid_request',
    })
    await expect(world.client.tokenCredentials(temporary, temporary.verifier)).rejects.toMatchObject({ error: 'invalid_token' })
  })

  it('with the verifier of other temporary credentials', async () => {
    const world = oauth1World()
    const [one, other] = [await temporaryOf(world), await temporaryOf(world)]
    await expect(world.client.tokenCredentials(one, other.verifier)).rejects.toMatchObject({ error: 'invalid_request' })
  })

  it('before the user has allowed the access', async () => {
    const world = oauth1World()
    const temporary = await world.client.temporaryCredentials()
    await expect(world.client.tokenCredentials(temporary, 'undefined')).rejects.toMatchObject({ error: 'invalid_request' })
  })

  it('by another client, without using up the credentials', async () => {
    // covers E-042
    const clients = ['photos', 'other'].map((clientId) => ({ clientId, clientSecret: SECRET }))
    const world = oauth1World({ clients })
    const temporary = await temporaryOf(world)
    const { token, tokenSecret, verifier } = temporary
    const parameters = { oauth_consumer_key: 'other', oauth_token: token, oauth_verifier: verifier }
    const request = await signed(world, { url: `${URL_OF_SERVER}/token`, parameters, tokenSecret })
    expect(await refusalOf(await world.send(asRequest(request)))).toEqual([401, 'invalid_token'])
    expect((await world.client.tokenCredentials(temporary, verifier)).accessToken).toHaveLength(42)
  })

  it('after a change of oauth_verifier on its way, without using up the credentials', async () => {
    const world = oauth1World()
    const { token, tokenSecret, verifier } = await temporaryOf(world)
    const parameters = { oauth_token: token, oauth_verifier: verifier }
    const request = await signed(world, { url: `${URL_OF_SERVER}/token`, parameters, tokenSecret })
    const changed = new Map(request.parameters).set('oauth_verifier', 'guess')
    expect(await refusalOf(await world.send(asRequest({ ...request, parameters: changed })))).toEqual([401, 'invalid_signature'])
    expect((await world.send(asRequest(request))).status).toBe(200)
  })

  it('with a wrong signature, without using up the credentials', async () => {
    // covers E-041
    const world = oauth1World()
    const temporary = await temporaryOf(world)
    const wrong = { ...temporary, tokenSecret: 'wrong' }
    await expect(world.client.tokenCredentials(wrong, temporary.verifier)).rejects.toMatchObject({ error: 'invalid_signature' })
    expect((await world.client.tokenCredentials(temporary, temporary.verifier)).accessToken).toHaveLength(42)
  })

  it('for all but one of ten at once', async () => {
    // covers E-029
    const world = oauth1World()
    const temporary = await temporaryOf(world)
    const tries = Array.from({ length: 10 }, () => world.client.tokenCredentials(temporary, temporary.verifier))
    const results = await Promise.allSettled(tries)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('after ten minutes', async () => {
    // covers E-007
    const world = oauth1World()
    const temporary = await temporaryOf(world)
    world.clock.advance(601)
    await expect(world.client.tokenCredentials(temporary, temporary.verifier)).rejects.toMatchObject({ error: 'invalid_token' })
  })

  it('with temporary credentials in place of token credentials at an API, and the other way round', async () => {
    const world = oauth1World()
    const { token, tokenSecret } = await temporaryOf(world)
    const request = await signed(world, { method: 'GET', url: API, parameters: { oauth_token: token }, tokenSecret })
    expect(await refusalOf(await world.send(asRequest(request)))).toEqual([401, 'invalid_token'])
  })
})

async function apiRequest(world: OAuth1World, changes: Signed = {}) {
  await authorize(world)
  const { accessToken, response } = world.client.getTokenSet() ?? expect.fail('no session')
  const tokenSecret = response['oauth_token_secret'] as string
  return signed(world, {
    url: `${API}?file=vacation.jpg&size=%FF`,
    form: 'title=a&note=%C3',
    tokenSecret,
    ...changes,
    parameters: { oauth_token: accessToken, ...changes.parameters },
  })
}

describe('a signed request that another API has received', () => {
  it('is refused under the host of that API, which its sender chooses, unless "origin" says so', async () => {
    const world = oauth1World()
    const request = await apiRequest(world)
    const received = (): Request => {
      const copy = asRequest(request)
      copy.headers.set('host', 'api.example')
      return copy
    }
    const verified = await world.server.verifyRequest(received())
    expect(verified.ok ? [200] : await refusalOf(verified.response)).toEqual([401, 'invalid_signature'])
    expect((await world.server.verifyRequest(received(), { origin: 'https://other.example' })).ok).toBe(false)
    expect((await world.server.verifyRequest(received(), { origin: 'https://api.example' })).ok).toBe(true)
  })
})

describe('a signed request is refused after a change of', () => {
  it.each<[part: string, change: (request: SignedRequest) => Partial<SignedRequest>]>([
    ['the method', () => ({ method: 'PUT' })],
    ['the host', ({ url }) => ({ url: url.replace('api.example', 'evil.example') })],
    ['the port', ({ url }) => ({ url: url.replace('api.example', 'api.example:444') })],
    ['the case of the path', ({ url }) => ({ url: url.replace('/photos', '/Photos') })],
    ['the end of the path', ({ url }) => ({ url: url.replace('/photos', '/photos/') })],
    ['a query parameter', ({ url }) => ({ url: url.replace('vacation', 'private') })],
    ['a query parameter that is not UTF-8', ({ url }) => ({ url: url.replace('%FF', '%FE') })],
    ['the query, by one parameter more', ({ url }) => ({ url: `${url}&x=1` })],
    ['the query, by one parameter less', ({ url }) => ({ url: url.replace('&size=%FF', '') })],
    ['a form field', () => ({ form: 'title=b&note=%C3' })],
    ['a form field that is not UTF-8', () => ({ form: 'title=a&note=%C2' })],
    ['the form, by one field more', () => ({ form: 'title=a&note=%C3&note=1' })],
  ])('%s', async (_part, change) => {
    // covers E-047
    const world = oauth1World()
    const request = await apiRequest(world)
    const verified = await world.server.verifyRequest(asRequest({ ...request, ...change(request) }))
    expect(verified.ok ? [200] : await refusalOf(verified.response)).toEqual([401, 'invalid_signature'])
    expect((await world.server.verifyRequest(asRequest(request))).ok).toBe(true)
  })

  it.each([
    ['oauth_consumer_key', 'other', 401, 'invalid_token'],
    ['oauth_token', 'other', 401, 'invalid_token'],
    ['oauth_nonce', 'other', 401, 'invalid_signature'],
    ['oauth_timestamp', 'one second later', 401, 'invalid_signature'],
    ['oauth_signature_method', 'HMAC-SHA256', 401, 'invalid_signature'],
    ['oauth_signature', 'b2N0b3B1cw==', 401, 'invalid_signature'],
    ['oauth_version', '2.0', 400, 'unsupported_parameter'],
    ['oauth_version', undefined, 401, 'invalid_signature'],
    ['oauth_extra', '1', 401, 'invalid_signature'],
  ])('%s to %s', async (name, value, status, code) => {
    const clients = ['photos', 'other'].map((clientId) => ({ clientId, clientSecret: SECRET }))
    const world = oauth1World({ clients })
    const request = await apiRequest(world)
    const parameters = new Map(request.parameters)
    if (value === undefined) parameters.delete(name)
    else parameters.set(name, name === 'oauth_timestamp' ? String(Math.floor(world.clock.now() / 1000) + 1) : value)
    const verified = await world.server.verifyRequest(asRequest({ ...request, parameters }))
    expect(verified.ok ? [200] : await refusalOf(verified.response)).toEqual([status, code])
    expect((await world.server.verifyRequest(asRequest(request))).ok).toBe(true)
  })

  it('a body that is covered by its hash', async () => {
    // covers D-015
    const world = oauth1World({}, { bodyHash: true })
    await authorize(world)
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' }
    expect(await (await world.client.fetch(API, init)).json()).toMatchObject({ body: '{"a":1}' })
    const sent = world.requests.at(-1) ?? expect.fail('nothing was sent')
    world.clock.advance(1)
    const changed = new Request(sent.url, { method: 'POST', headers: sent.headers, body: '{"a":2}' })
    const verified = await world.server.verifyRequest(changed)
    expect(verified.ok ? 200 : await refusalOf(verified.response)).toEqual([401, 'invalid_signature'])
  })

  it('the user: a revoked token is refused', async () => {
    // covers E-009, E-043
    const world = oauth1World()
    const request = await apiRequest(world)
    await world.server.revokeToken('photos', request.parameters.get('oauth_token') ?? '')
    const verified = await world.server.verifyRequest(asRequest(request))
    expect(verified.ok ? 200 : await refusalOf(verified.response)).toEqual([401, 'invalid_token'])
  })
})

describe('a client with an RSA key only', () => {
  it('cannot be impersonated with an HMAC of its empty secret', async () => {
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-1' }
    const { publicKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const signatureMethods = ['RSA-SHA1', 'HMAC-SHA1', 'PLAINTEXT'] as const
    const world = oauth1World({ clients: [{ clientId: 'photos', rsaPublicKey: publicKey }], signatureMethods })
    for (const method of ['HMAC-SHA1', 'PLAINTEXT']) {
      const parameters = { oauth_callback: CALLBACK, oauth_signature_method: method }
      const request = await signed(world, { parameters, clientSecret: '' })
      expect(await refusalOf(await world.send(asRequest(request)))).toEqual([401, 'invalid_client'])
    }
  })
})

describe('the authorization page', () => {
  it('is an error for temporary credentials that are unknown, expired, or were decided', async () => {
    const world = oauth1World()
    const temporary = await world.client.temporaryCredentials()
    const url = world.client.authorizationUrl(temporary)
    const unknown = new URL(url)
    unknown.searchParams.set('oauth_token', 'unknown')
    expect((await world.browser.get(unknown.href)).status).toBe(401)
    await allow(world.browser, url)
    const used = await world.browser.get(url.href)
    expect(used.status).toBe(401)
    const text = await used.text()
    expect(text).toContain('<h1>This link cannot be used any more</h1>')
    expect(text).toContain('Start again in the application')
    expect(text).not.toContain('sent an invalid request')
    world.clock.advance(601)
    expect((await world.browser.get(url.href)).status).toBe(401)
  })

  it('asks each time, names the client and where the user continues, and is not framed', async () => {
    // covers E-035, E-036
    const world = oauth1World()
    await authorize(world)
    const url = world.client.authorizationUrl(await world.client.temporaryCredentials())
    const page = await asPage(await world.browser.get(url.href), url.href)
    expect(page.text).toContain('Printer')
    expect(page.text).toContain('app.example')
    expect(page.text).toContain('value="consent"')
    expect(page.response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  it('shows no hidden characters, and none that change the direction, of the client', async () => {
    const hidden = '\u202E\u2066\u200B\u00AD\u0000'
    const record = {
      clientId: 'photos',
      clientSecret: 'printer secret',
      clientName: `Photo${hidden} printer`,
      access: `one${hidden} photo`,
    }
    for (const clients of [[record], { findClient: () => record }]) {
      const world = oauth1World({ clients })
      const url = world.client.authorizationUrl(await world.client.temporaryCredentials())
      const signInPage = await asPage(await world.browser.get(url.href), url.href)
      const page = await asPage(
        await world.browser.submit(signInPage, { action: 'sign-in', username: 'alice', password: 'wonderland' }),
        url.href,
      )
      expect(page.text).toContain('one photo')
      expect(page.text).toContain('Photo printer')
      expect(page.text).not.toMatch(/[\u202E\u2066\u200B\u00AD\0]/)
    }
  })

  it('decides for the session that it was shown to only', async () => {
    // covers E-037
    const world = oauth1World()
    const url = world.client.authorizationUrl(await world.client.temporaryCredentials())
    const page = await asPage(await world.browser.get(url.href), url.href)
    const stranger = oauth1World()
    const response = await stranger.browser.submit(page, { action: 'consent' })
    expect(response.headers.get('location')).toBeNull()
  })
})
