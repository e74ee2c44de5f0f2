import { describe, expect, it } from 'vitest'
import { authorizationHeader, findSignatureMethod, signatureBaseString } from '@latchkey/oauth1/signature'
import { allow, API, authorize, oauth1World, URL_OF_SERVER, type OAuth1World } from './oauth1.fixture.js'

const [CLIENT_ID, SECRET] = ['photos', 'printer secret']

/** Requests temporary credentials for a callback that our client might refuse itself. */
async function initiate({ server, clock }: OAuth1World, callback: string): Promise<Response> {
  const url = new URL(`${URL_OF_SERVER}/initiate`)
  const parameters = new Map([
    ['oauth_consumer_key', CLIENT_ID],
    ['oauth_nonce', crypto.randomUUID()],
    ['oauth_timestamp', String(Math.floor(clock.now() / 1000))],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_callback', callback],
  ])
  const method = findSignatureMethod('HMAC-SHA1') ?? expect.fail('no method')
  const baseString = signatureBaseString({ method: 'POST', url, form: undefined, parameters })
  parameters.set('oauth_signature', await method.sign(baseString, { clientSecret: SECRET }))
  return server.fetch(new Request(url, { method: 'POST', headers: { authorization: authorizationHeader(parameters) } }))
}

describe('the callback', () => {
  it.each([
    'https://:pw@app.example/x',
    'https://user@app.example/x',
    'view-source:https://x/',
    'mailto:x@y',
    'tel:123',
    `https://app.example/${'x'.repeat(3000)}`,
    'https://app.example/\ny',
    ' https://app.example/',
    'https://app.example/日',
  ])('is refused where no user can be sent to it safely: %j', async (callback) => {
    expect((await initiate(oauth1World(), callback)).status).toBe(400)
  })

  it.each(['https://app.example/', 'http://127.0.0.1:5173/cb', 'printer://ready', 'com.example.printer:/ready', 'oob'])(
    'may be %s',
    async (callback) => {
      expect((await initiate(oauth1World(), callback)).status).toBe(200)
    },
  )

  it('has the query of the registered one, value by value', async () => {
    const registered = (url: string) =>
      oauth1World({ clients: [{ clientId: CLIENT_ID, clientSecret: SECRET, callbackUrls: [url] }] })
    const twice = 'https://app.example/?a=1&a=2'
    expect((await initiate(registered(twice), `${twice}&state=x`)).status).toBe(200)
    expect((await initiate(registered('https://app.example/?a=1,2'), twice)).status).toBe(400)
  })
})

describe('a code that the user types', () => {
  it.each(['lower case', 'spaces'])('may have %s', async (kind) => {
    const { client, browser } = oauth1World({}, { callbackUrl: 'oob' })
    const temporary = await client.temporaryCredentials()
    const text = await (await allow(browser, client.authorizationUrl(temporary))).text()
    const code = /<code id="verifier">(\w+)</.exec(text)?.[1] ?? ''
    const slip = kind === 'spaces' ? ` ${code.slice(0, 5)} ${code.slice(5)} ` : code.toLowerCase()
    expect((await client.tokenCredentials(temporary, slip)).accessToken).toHaveLength(42)
  })
})

describe('an endpoint', () => {
  it.each(['GET', 'DELETE', 'REPORT'])('answers %s with 405 and the method that it supports', async (method) => {
    const { server } = oauth1World()
    for (const path of ['/initiate', '/token']) {
      const response = await server.fetch(new Request(URL_OF_SERVER + path, { method }))
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
      expect(new URLSearchParams(await response.text()).get('error')).toBe('method_not_allowed')
    }
  })

  it('answers a preflight request', async () => {
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'POST' }
    const response = await oauth1World().server.fetch(new Request(`${URL_OF_SERVER}/token`, { method: 'OPTIONS', headers }))
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
  })

  it('names the scheme to a client without credentials', async () => {
    const verified = await oauth1World().server.verifyRequest(new Request(API))
    const response = verified.ok ? expect.fail('accepted') : verified.response
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([400, `OAuth realm="${URL_OF_SERVER}"`])
  })
})

describe('a function of the host that fails', () => {
  const world = (options: Parameters<typeof oauth1World>[0]) => {
    const errors: string[] = []
    const serverHooks = { onError: (error: unknown) => void errors.push(String(error)) }
    return { errors, ...oauth1World({ serverHooks, ...options }) }
  }

  it('is named if it decides nothing', async () => {
    const unused = world({ hooks: { existsNonce: (() => undefined) as never } })
    expect((await initiate(unused, 'oob')).status).toBe(500)
    expect(unused.errors.join()).toContain('"existsNonce" must return true or false')
    const undeleted = world({ hooks: { deleteTemporaryCredential: (() => undefined) as never } })
    await expect(authorize(undeleted)).rejects.toMatchObject({ code: expect.any(String) as string })
    expect(undeleted.errors.join()).toContain('"deleteTemporaryCredential" must return true or false')
    const undecided = world({ hooks: { createAuthorizationVerifier: (() => undefined) as never } })
    const url = undecided.client.authorizationUrl(await undecided.client.temporaryCredentials())
    expect((await allow(undecided.browser, url)).status).toBe(500)
    expect(undecided.errors.join()).toContain('"createAuthorizationVerifier" must return true or false')
  })

  it('finds no client with another id than the requested one', async () => {
    const clients = { findClient: () => ({ clientId: 'other', clientSecret: SECRET }) }
    expect((await initiate(oauth1World({ clients }), 'oob')).status).toBe(401)
  })

  it('keeps a resource closed', async () => {
    const failing = world({
      hooks: {
        getTokenCredential: () => {
          throw new Error('no database')
        },
      },
    })
    await authorize(failing)
    const response = await failing.client.fetch(API)
    expect([response.status, await response.json()]).toEqual([500, { error: 'server_error' }])
    expect(failing.errors).toEqual(['Error: no database'])
  })
})
