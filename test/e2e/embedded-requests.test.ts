// Our client with our server, in real Chromium: signed requests (JAR) by value, by reference and pushed, rich authorization requests
// (RAR), and all extensions of the request together.
import { jwtGenerator } from '@latchkey/server'
import { rar, type AuthorizationDetailsType } from '@latchkey/server/rar'
import { decodeJwt, exportJWK, generateKeyPair, type JWK } from 'jose'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type AppHost } from '../harness/app-host.js'
import { launchChromium, sees, visit, type Visitor } from '../harness/browser.js'
import { builtExtensionsApp } from '../harness/built-app.js'
import { startEmbeddedServer, type EmbeddedExtras, type EmbeddedServer } from '../harness/embedded-server.js'
import { listen } from '../harness/loopback.js'
import { alice } from '../harness/users.js'
import type { ExtensionsSettings, ExtensionsWindow } from './extensions-app/settings.js'

type Settings = Omit<Partial<ExtensionsSettings>, 'options'> & { readonly options?: Partial<ExtensionsSettings['options']> }

let browser: Browser
let app: AppHost<ExtensionsSettings>
let server: EmbeddedServer
let visitor: Visitor
let page: Page
let requestKey: JWK
let jwks: NonNullable<EmbeddedExtras['client']>['jwks']

const payment: AuthorizationDetailsType = {
  check: ({ instructedAmount }) => (instructedAmount === undefined ? 'needs "instructedAmount"' : undefined),
  describe: ({ creditorName }) => `Pay 123.50 EUR to ${String(creditorName)}`,
}
const DETAILS = [
  { type: 'payment_initiation', instructedAmount: { currency: 'EUR', amount: '123.50' }, creditorName: '<b>Merchant</b> A' },
]

beforeAll(async () => {
  browser = await launchChromium()
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  requestKey = await exportJWK(privateKey)
  jwks = { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] }
})
afterAll(() => browser.close())
afterEach(async () => {
  await visitor.context.close()
  await Promise.all([app.close(), server.close()])
  expect(visitor.unhandled).toEqual([])
})

/** A client that signs its requests, at a server that accepts no others from it, unless the test changes that. */
async function open(settings: Settings, client: EmbeddedExtras['client'] = {}): Promise<void> {
  app = await startApp<ExtensionsSettings>(builtExtensionsApp)
  const redirectUris = [`${app.origin}/`, `${app.origin}/callback.html`]
  server = await startEmbeddedServer(
    { origin: app.origin, redirectUris, postLogoutRedirectUris: [`${app.origin}/`] },
    {
      client: { ...(jwks && { jwks }), ...client },
      options: { features: [rar({ types: { payment_initiation: payment } })], tokens: jwtGenerator() },
    },
  )
  const options = { issuer: server.issuer, clientId: 'spa', redirectUri: `${app.origin}/`, scope: 'openid offline_access' }
  app.configure({ ...settings, options: { ...options, ...settings.options } })
  visitor = await visit(browser, app.origin)
  page = visitor.page
  await sees(page, 'status', 'signed-out')
}

const SIGNED = { requestObjectSigningAlg: 'ES256', requireSignedRequestObject: true }

async function signInByRedirect(...answers: readonly string[]): Promise<void> {
  await page.click('#redirect')
  await page.click(server.pages.userButton(alice))
  for (const answer of answers) await page.getByRole('button', { name: answer }).click()
  await sees(page, 'subject', alice.sub)
}

async function signInByPopup(): Promise<void> {
  const opened = page.waitForEvent('popup')
  await page.click('#popup')
  const popup = await opened
  await popup.click(server.pages.userButton(alice))
  await Promise.all([popup.waitForEvent('close'), popup.getByRole('button', { name: 'Allow' }).click()])
  await sees(page, 'subject', alice.sub)
}

/** The parameters that went through the address bar. */
function authorizationParameters(): Record<string, string> {
  const [request] = server.seen.filter(({ path }) => path === '/authorize')
  return Object.fromEntries(new URLSearchParams(request?.search))
}

function tokenSet() {
  return page.evaluate(() => (window as unknown as ExtensionsWindow).latchkey.client.getTokenSet())
}

describe('a signed authorization request of our client at our server (RFC 9101)', () => {
  it('is sent by value, and the server accepts no unsigned one from this client', async () => {
    await open({ requestKey }, SIGNED)
    await signInByRedirect()
    const { request = '', ...outside } = authorizationParameters()
    expect(Object.keys(outside).toSorted()).toEqual(['client_id', 'response_type', 'scope'])
    expect(decodeJwt(request)).toMatchObject({ iss: 'spa', aud: server.issuer, code_challenge_method: 'S256' })
  })

  it('is refused unsigned, with an error that the page shows', async () => {
    await open({}, SIGNED)
    await page.click('#redirect')
    await expect.poll(() => page.getByTestId('error').textContent()).toContain('invalid_request')
    await sees(page, 'status', 'signed-out')
  })

  it('is sent by reference to the registered URL, which the server fetches once', async () => {
    const host = await listen()
    const address = `http://127.0.0.1:${host.port}/request`
    const asked: string[] = []
    let published = ''
    host.serve((request, response) => {
      response.setHeader('Access-Control-Allow-Origin', '*')
      if (request.method === 'POST') {
        return request.setEncoding('utf8').on('data', (text: string) => {
          published += text
          response.end(address)
        })
      }
      asked.push(request.headers['cookie'] ?? 'no cookie')
      return response.writeHead(200, { 'content-type': 'application/oauth-authz-req+jwt' }).end(published)
    })
    try {
      await open({ requestKey, publishAt: address }, { ...SIGNED, requestUris: [address] })
      await signInByRedirect()
      expect(authorizationParameters()).toMatchObject({ client_id: 'spa', request_uri: address })
      expect(asked).toEqual(['no cookie'])
    } finally {
      await host.close()
    }
  })

  it('is pushed, and the address bar has only a reference', async () => {
    await open({ requestKey, options: { par: true } }, SIGNED)
    await signInByRedirect()
    expect(Object.keys(authorizationParameters()).toSorted()).toEqual(['client_id', 'request_uri'])
  })

  /** An attacker in the middle: changes what the browser sends to the authorization endpoint. */
  function alterOnTheWay(alter: (url: URL) => void): void {
    server.dials.onRequest = (request) => {
      const url = new URL(request.url)
      if (url.searchParams.has('request')) alter(url)
      return new Request(url, request)
    }
  }

  it('ignores parameters that an attacker adds beside it', async () => {
    await open({ requestKey }, SIGNED)
    alterOnTheWay((url) => url.searchParams.set('scope', 'openid offline_access profile email phone'))
    await signInByRedirect()
    expect((await tokenSet())?.scope).toBe('openid offline_access')
  })

  it('is refused when an attacker changes it, before the user is asked to sign in', async () => {
    await open({ requestKey }, SIGNED)
    alterOnTheWay((url) => {
      const request = url.searchParams.get('request') ?? ''
      const [header, , signature] = request.split('.')
      const payload = Buffer.from(JSON.stringify({ ...decodeJwt(request), scope: 'openid phone' })).toString('base64url')
      url.searchParams.set('request', [header, payload, signature].join('.'))
    })
    await page.click('#redirect')
    await page.getByText('invalid_request_object').waitFor()
    expect(await page.locator('form').count()).toBe(0)
  })
})

describe('a rich authorization request of our client at our server (RFC 9396)', () => {
  it('is shown to the user, granted, named in the token response and in the token, and kept across a refresh', async () => {
    await open({ options: { authorizationDetails: DETAILS } })
    await page.click('#redirect')
    await page.click(server.pages.userButton(alice))
    await page.getByText('Pay 123.50 EUR to <b>Merchant</b> A').waitFor()
    await page.getByRole('button', { name: 'Allow' }).click()
    await sees(page, 'subject', alice.sub)
    const granted = await tokenSet()
    expect(granted?.response).toMatchObject({ authorization_details: DETAILS })
    expect(decodeJwt(granted?.accessToken ?? '')).toMatchObject({ authorization_details: DETAILS })
    const told = await page.evaluate(async () => {
      const { client, endpoints } = (window as unknown as ExtensionsWindow).latchkey
      await client.refresh()
      return endpoints.introspectToken(client, { token: client.getTokenSet()?.accessToken ?? '' })
    })
    expect(told).toMatchObject({ active: true, authorization_details: DETAILS })
    expect((await tokenSet())?.accessToken).not.toBe(granted?.accessToken)
  })

  it('ends with "access_denied" if the user refuses', async () => {
    await open({ options: { authorizationDetails: DETAILS } })
    await page.click('#redirect')
    await page.click(server.pages.userButton(alice))
    await page.getByRole('button', { name: 'Deny' }).click()
    await expect.poll(() => page.getByTestId('error').textContent()).toContain('access_denied')
  })

  it('is refused by the client for a type that the server does not list, and by the server for invalid details', async () => {
    await open({ options: { authorizationDetails: [{ type: 'account_information' }] } })
    await page.click('#redirect')
    await expect.poll(() => page.getByTestId('error').textContent()).toContain('unsupported')
    expect(server.seen.filter(({ path }) => path === '/authorize')).toEqual([])
    const { issuer } = server
    const options = {
      issuer,
      clientId: 'spa',
      redirectUri: `${app.origin}/`,
      authorizationDetails: [{ type: 'payment_initiation' }],
    }
    app.configure({ options })
    await page.reload()
    await sees(page, 'status', 'signed-out')
    await page.click('#redirect')
    await expect.poll(() => page.getByTestId('error').textContent()).toMatch(/needs .instructedAmount./)
  })
})

describe('PAR, JAR, RAR, DPoP and JARM in one sign-in at our server', () => {
  it.each(['redirect', 'popup'] as const)('signs in by %s', async (transport) => {
    await open(
      { requestKey, options: { par: true, dpop: true, responseMode: 'jwt', authorizationDetails: DETAILS } },
      { ...SIGNED, dpopBoundAccessTokens: true, requirePushedAuthorizationRequests: true },
    )
    await (transport === 'popup' ? signInByPopup() : signInByRedirect('Allow'))
    expect(Object.keys(authorizationParameters()).toSorted()).toEqual(['client_id', 'request_uri'])
    const granted = await tokenSet()
    expect(granted?.tokenType).toBe('DPoP')
    expect(decodeJwt(granted?.accessToken ?? '')).toMatchObject({
      cnf: { jkt: expect.stringMatching(/^[\w-]{43}$/) },
      authorization_details: DETAILS,
    })
  })
})
