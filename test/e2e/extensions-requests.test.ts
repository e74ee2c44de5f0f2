// Extensions of the authorization request, in real Chromium against oidc-provider: pushed (PAR), signed (JAR), bound to a key (DPoP),
// rich (RAR), for several resources; and PAR, JAR, JARM and DPoP together.
import type { IncomingMessage } from 'node:http'
import { decodeJwt } from 'jose'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, sees } from '../harness/browser.js'
import {
  createExtensionsWorld,
  goldAcr,
  type ExtensionsOptions,
  type ExtensionsWorld,
  type PageSettings,
} from '../harness/extensions-world.js'
import { listen } from '../harness/loopback.js'
import { alice } from '../harness/users.js'
import type { ExtensionsWindow } from './extensions-app/settings.js'

let browser: Browser
let world: ExtensionsWorld
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())
afterEach(async () => {
  await world.close()
  expect(world.visitor.unhandled).toEqual([])
})

async function open(extensions: ExtensionsOptions = {}, settings?: (made: ExtensionsWorld) => PageSettings): Promise<void> {
  world = await createExtensionsWorld(browser, extensions)
  await world.open(settings?.(world))
}

function readTokenSet() {
  return world.page.evaluate(() => (window as unknown as ExtensionsWindow).latchkey.client.getTokenSet())
}

/** @returns the status and the body's `sub` */
function call(url: string): Promise<{ readonly status: number; readonly sub: unknown }> {
  return world.page.evaluate(async (address) => {
    const response = await (window as unknown as ExtensionsWindow).latchkey.client.fetch(address)
    return { status: response.status, sub: response.ok ? ((await response.json()) as { sub: unknown }).sub : undefined }
  }, url)
}

/** The parameters that went through the address bar to the authorization endpoint. */
function authorizationParameters(): Record<string, string> {
  const [request] = world.server.seen.filter(({ path }) => path === '/auth')
  return Object.fromEntries(new URLSearchParams(request?.search))
}

describe('pushed authorization requests (RFC 9126)', () => {
  it('pushes the parameters and navigates with a reference to them', async () => {
    await open({ options: { par: true } })
    await world.signInByRedirect()
    expect(world.requests('/request')).toEqual(['POST /request'])
    expect(Object.keys(authorizationParameters()).toSorted()).toEqual(['client_id', 'request_uri'])
  })

  it('does so by default if the server requires it', async () => {
    await open({ configure: demandPushedRequests })
    await world.signInByPopup()
    expect(world.requests('/request')).toEqual(['POST /request'])
  })
})

function demandPushedRequests(usual: Parameters<NonNullable<ExtensionsOptions['configure']>>[0]): typeof usual {
  const pushedAuthorizationRequests = { enabled: true, requirePushedAuthorizationRequests: true }
  return { ...usual, features: { ...usual.features, pushedAuthorizationRequests } } as typeof usual
}

const signedRequests: ExtensionsOptions = {
  client: { request_object_signing_alg: 'ES256', require_signed_request_object: true },
}

describe('signed authorization requests (RFC 9101)', () => {
  it('signs the parameters; the server accepts no unsigned request of this client', async () => {
    await open(signedRequests, ({ requestKey }) => ({ requestKey }))
    await world.signInByRedirect()
    const { request = '', ...outside } = authorizationParameters()
    expect(Object.keys(outside).toSorted()).toEqual(['client_id', 'response_type', 'scope'])
    expect(decodeJwt(request)).toMatchObject({
      iss: 'spa',
      aud: world.server.issuer,
      response_type: 'code',
      code_challenge_method: 'S256',
    })
  })

  it('is refused with an unsigned one', async () => {
    await open(signedRequests)
    await world.page.click('#redirect')
    await world.page.waitForURL(/\/auth\?|error=/)
    expect(await world.page.evaluate(() => document.body.textContent)).not.toContain(alice.name)
  })

  // oidc-provider takes requests by reference only as PAR makes them (since its version 8 no other "request_uri"). A gateway in front
  // of it fetches the signed request, as a server that supports RFC 9101, section 5.2 does; the provider then verifies it as usual.
  it('signs them by reference', async () => {
    const published = await startPublisher()
    try {
      await open({ ...signedRequests, front: (request) => fetchRequestObject(request) }, ({ requestKey }) => ({
        requestKey,
        publishAt: published.url,
      }))
      // The gateway's metadata announces what it adds, which the provider's own metadata denies.
      await world.page.route('**/.well-known/openid-configuration', async (route) => {
        const response = await route.fetch()
        const metadata = { ...((await response.json()) as object), request_uri_parameter_supported: true }
        await route.fulfill({ response, json: metadata })
      })
      await world.signInByRedirect()
      expect(Object.keys(authorizationParameters()).toSorted()).toEqual(['client_id', 'request_uri', 'response_type', 'scope'])
      expect(published.requestObjects).toHaveLength(1)
    } finally {
      await published.close()
    }
  })
})

interface Publisher {
  readonly url: string
  readonly requestObjects: readonly string[]
  close(): Promise<void>
}

/** Stores what is posted, and serves it under a new URL. */
async function startPublisher(): Promise<Publisher> {
  const host = await listen()
  const url = `http://127.0.0.1:${host.port}/`
  const requestObjects: string[] = []
  host.serve((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*')
    if (request.method === 'GET') return response.end(requestObjects[Number(request.url?.slice(1))])
    return request.setEncoding('utf8').on('data', (text: string) => {
      response.end(`${url}${requestObjects.push(text) - 1}`)
    })
  })
  return { url, requestObjects, close: () => host.close() }
}

async function fetchRequestObject(request: IncomingMessage): Promise<false> {
  const url = new URL(request.url ?? '/', world?.server.issuer ?? 'http://127.0.0.1')
  const reference = url.searchParams.get('request_uri')
  if (url.pathname === '/auth' && reference?.startsWith('http')) {
    url.searchParams.set('request', await fetch(reference).then((found) => found.text()))
    url.searchParams.delete('request_uri')
    request.url = `${url.pathname}${url.search}`
  }
  return false
}

describe('tokens bound to a key (RFC 9449)', () => {
  const bound: ExtensionsOptions = { requireNonce: true, client: { dpop_bound_access_tokens: true } }
  const withApi = ({ api }: ExtensionsWorld): PageSettings => ({
    options: { dpop: true, resources: [{ url: api.indicator, resource: api.indicator }] },
  })

  it('requests the code with the thumbprint, and the token again with the server’s nonce', async () => {
    await open(bound, withApi)
    await world.signInByRedirect()
    expect(authorizationParameters()['dpop_jkt']).toMatch(/^[\w-]{43}$/)
    expect((await readTokenSet())?.tokenType).toBe('DPoP')
    expect(world.requests('/token')).toEqual(['POST /token', 'POST /token'])
  })

  it('calls the UserInfo endpoint with a proof and the nonce that the token endpoint gave', async () => {
    await open(bound, withApi)
    await world.signInByRedirect()
    const claims = await world.page.evaluate(() => (window as unknown as ExtensionsWindow).latchkey.client.userInfo())
    expect(claims).toMatchObject({ sub: alice.sub, name: alice.name })
    expect(world.requests('/me')).toEqual(['GET /me'])
  })

  it('calls an API that requires its own nonce: the first call is sent twice, the next once', async () => {
    await open(bound, withApi)
    await world.signInByRedirect()
    expect(await call(world.api.url)).toEqual({ status: 200, sub: alice.sub })
    expect(world.api.answers).toEqual([401, 200])
    expect(await call(world.api.url)).toEqual({ status: 200, sub: alice.sub })
    expect(world.api.answers).toEqual([401, 200, 200])
    expect(world.api.tokens[0]).toMatchObject({ cnf: { jkt: authorizationParameters()['dpop_jkt'] } })
  })

  it('keeps the key across a reload, and refreshes with it', async () => {
    await open(bound, withApi)
    await world.signInByRedirect()
    await world.page.reload()
    await sees(world.page, 'subject', alice.sub)
    await world.page.evaluate(() => (window as unknown as ExtensionsWindow).latchkey.client.refresh())
    expect(await call(world.api.url)).toEqual({ status: 200, sub: alice.sub })
  })
})

describe('rich authorization requests (RFC 9396)', () => {
  const details = [{ type: 'payment_initiation', actions: ['initiate'], instructedAmount: { currency: 'EUR', amount: '123.50' } }]

  it('requests the details, and the token has them', async () => {
    await open({}, ({ api }) => ({
      options: { authorizationDetails: details, resources: [{ url: api.indicator, resource: api.indicator }] },
    }))
    await world.signInByRedirect()
    expect(JSON.parse(authorizationParameters()['authorization_details'] ?? '')).toEqual(details)
    const told = await world.page.evaluate(async () => {
      const { client, endpoints } = (window as unknown as ExtensionsWindow).latchkey
      const token = client.getTokenSet()?.accessToken ?? ''
      return endpoints.introspectToken(client, { token })
    })
    expect(told).toMatchObject({ active: true, authorization_details: details })
    expect((await readTokenSet())?.response).toMatchObject({ authorization_details: details })
    await call(world.api.url)
    expect(world.api.tokens).toEqual([expect.objectContaining({ authorization_details: details })])
  })

  it('refuses a type that the server’s metadata does not list, before the browser leaves', async () => {
    await open({ options: { authorizationDetails: [{ type: 'account_information' }] } })
    await world.page.click('#redirect')
    await world.fails('unsupported')
    expect(world.requests('/auth')).toEqual([])
  })
})

describe('a token for each resource, from one refresh token (RFC 8707)', () => {
  it('requests each token when it is first needed, with one request', async () => {
    await open({}, ({ api, otherApi }) => ({
      options: {
        resources: [api, otherApi].map(({ indicator }) => ({ url: indicator, resource: indicator, scope: 'read' })),
        scope: 'openid offline_access read',
      },
    }))
    await world.signInByRedirect()
    world.server.forget()
    expect(await Promise.all([call(world.api.url), call(world.api.url)])).toEqual(
      Array.from({ length: 2 }, () => ({ status: 200, sub: alice.sub })),
    )
    expect(world.requests('/token')).toEqual(['POST /token'])
    expect(await call(world.otherApi.url)).toEqual({ status: 200, sub: alice.sub })
    expect(world.requests('/token')).toEqual(['POST /token', 'POST /token'])
    expect(world.api.tokens.map(({ aud, scope }) => ({ aud, scope }))).toEqual(
      Array.from({ length: 2 }, () => ({ aud: world.api.indicator, scope: 'read' })),
    )
    expect(world.otherApi.tokens).toEqual([expect.objectContaining({ aud: world.otherApi.indicator, scope: 'read' })])
    await call(world.api.url)
    expect(world.requests('/token')).toHaveLength(2)
  })
})

describe('step-up (RFC 9470)', () => {
  it('signs in again if an API requires it, and sends the same request again', async () => {
    await open({}, ({ api, app }) => ({
      options: {
        stepUp: 'popup',
        redirectUri: `${app.origin}/callback.html`,
        resources: [{ url: api.indicator, resource: api.indicator }],
      },
    }))
    await world.signInByPopup()
    expect(await call(world.api.url)).toEqual({ status: 200, sub: alice.sub })
    const opened = world.page.waitForEvent('popup')
    const called = call(world.api.strongUrl(goldAcr))
    const popup = await opened
    await popup.click(world.server.pages.userButton(alice))
    expect(await called).toEqual({ status: 200, sub: alice.sub })
    expect(world.api.answers).toEqual([200, 401, 200])
    expect((await readTokenSet())?.claims?.['acr']).toBe(goldAcr)
  })

  it('passes the refusal on if that is not allowed', async () => {
    await open({}, ({ api }) => ({
      options: { resources: [{ url: api.indicator, resource: api.indicator }] },
    }))
    await world.signInByRedirect()
    expect(await call(world.api.strongUrl(goldAcr))).toMatchObject({ status: 401 })
    expect(world.api.answers).toEqual([401])
  })
})

describe('PAR, JAR, DPoP and JARM in one sign-in', () => {
  const everything: ExtensionsOptions = {
    requireNonce: true,
    configure: demandPushedRequests,
    client: {
      ...signedRequests.client,
      authorization_signed_response_alg: 'RS256',
      dpop_bound_access_tokens: true,
      require_pushed_authorization_requests: true,
    },
  }

  it.each(['redirect', 'popup'] as const)('signs in by %s and calls the API', async (transport) => {
    await open(everything, ({ api, requestKey }) => ({
      requestKey,
      options: { dpop: true, responseMode: 'jwt', resources: [{ url: api.indicator, resource: api.indicator }] },
    }))
    await (transport === 'popup' ? world.signInByPopup() : world.signInByRedirect())
    expect(Object.keys(authorizationParameters()).toSorted()).toEqual(['client_id', 'request_uri'])
    expect(await call(world.api.url)).toEqual({ status: 200, sub: alice.sub })
    expect(world.api.tokens[0]).toMatchObject({ cnf: { jkt: expect.stringMatching(/^[\w-]{43}$/) } })
    // The nonce came with the response to the pushed request. Only the page that sent it knows it; a redirect loses it.
    expect(world.requests('/request')).toHaveLength(2)
    expect(world.requests('/token')).toHaveLength(transport === 'popup' ? 2 : 3)
  })
})
