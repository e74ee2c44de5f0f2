// An app without a framework, oidc-provider with everything on that it has, and an API that wants more than a token.
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type { ClientMetadata, Configuration, KoaContextWithOIDC } from 'oidc-provider'
import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { ExtensionsSettings } from '../e2e/extensions-app/settings.js'
import { startApp, type AppHost } from './app-host.js'
import type { TestAuthorizationServer } from './authorization-server.js'
import { sees, visit, type Visitor } from './browser.js'
import { builtExtensionsApp } from './built-app.js'
import { startGuardedApi, type GuardedApi } from './guarded-api.js'
import { startOidcProvider, type ProviderExtras } from './oidc-provider-server.js'
import { alice } from './users.js'

export interface ExtensionsOptions {
  /** Client metadata, where it is not that of a public client of the code flow. */
  readonly client?: Partial<ClientMetadata>
  /** Options of the page's client, besides issuer and client id. */
  readonly options?: Partial<ExtensionsSettings['options']>
  readonly configure?: (usual: Configuration) => Configuration
  readonly front?: ProviderExtras['front']
  /** DPoP proofs need a nonce, at the provider and at the API. */
  readonly requireNonce?: boolean
}

/** Settings of the page; options of its client that are not given are the usual ones. */
export type PageSettings = Omit<Partial<ExtensionsSettings>, 'options'> & {
  readonly options?: Partial<ExtensionsSettings['options']>
}

export interface ExtensionsWorld {
  readonly app: AppHost<ExtensionsSettings>
  readonly server: TestAuthorizationServer
  readonly api: GuardedApi
  /** A second API, with tokens of its own. */
  readonly otherApi: GuardedApi
  readonly visitor: Visitor
  readonly page: Page
  /** The key that the client signs authorization requests with; its public half is registered. */
  readonly requestKey: JWK
  /** Loads the page with these settings. */
  open(settings?: PageSettings): Promise<void>
  signInByRedirect(): Promise<void>
  signInByPopup(): Promise<void>
  /** Waits until the page shows a failure. @param code of the client's error */
  fails(code: string): Promise<void>
  /** Requests at the server since the last `forget`, as `METHOD /path`, without preflights. */
  requests(path: string): string[]
  close(): Promise<void>
}

export const goldAcr = 'urn:example:gold'

export async function createExtensionsWorld(browser: Browser, extensions: ExtensionsOptions = {}): Promise<ExtensionsWorld> {
  const app = await startApp<ExtensionsSettings>(builtExtensionsApp)
  const requestKey = await createRequestKey()
  const apis: GuardedApi[] = []
  const server = await startOidcProvider(
    {
      origin: app.origin,
      redirectUris: [`${app.origin}/`, `${app.origin}/callback.html`],
      postLogoutRedirectUris: [`${app.origin}/`],
    },
    {
      configure: (usual) => {
        const configured = withExtensions(usual, { extensions, requestKey, apis })
        return extensions.configure?.(configured) ?? configured
      },
      signedIn: (asked) => ({ consent: {}, login: { accountId: '', ...acrOf(asked) } }),
      ...(extensions.front && { front: extensions.front }),
    },
  )
  const demands = { issuer: server.issuer, appOrigin: app.origin, requireNonce: extensions.requireNonce === true }
  const [api, otherApi] = await Promise.all([startGuardedApi(demands), startGuardedApi(demands)])
  apis.push(api, otherApi)
  const options = { issuer: server.issuer, clientId: 'spa', scope: 'openid profile offline_access', ...extensions.options }
  app.configure({ options })
  const visitor = await visit(browser, `${app.origin}/callback.html`)
  const { page } = visitor

  async function open(settings: PageSettings = {}): Promise<void> {
    app.configure({ ...settings, options: { ...options, ...settings.options } })
    await page.goto(app.origin)
    await sees(page, 'status', 'signed-out')
  }

  return {
    app,
    server,
    api,
    otherApi,
    visitor,
    page,
    requestKey,
    open,
    async signInByRedirect() {
      await page.click('#redirect')
      await page.click(server.pages.userButton(alice))
      await expectSignedIn(page)
    },
    async signInByPopup() {
      const opened = page.waitForEvent('popup')
      await page.click('#popup')
      const popup = await opened
      await Promise.all([popup.waitForEvent('close'), popup.click(server.pages.userButton(alice))])
      await expectSignedIn(page)
    },
    fails: (code) => expect.poll(() => page.getByTestId('error').textContent(), { message: 'the error shown' }).toContain(code),
    requests: (path) =>
      server.seen.filter((one) => one.method !== 'OPTIONS' && one.path === path).map((one) => `${one.method} ${one.path}`),
    async close() {
      await visitor.context.close()
      await Promise.all([app.close(), server.close(), api.close(), otherApi.close()])
    },
  }
}

/** Fails at once with what went wrong. */
async function expectSignedIn(page: Page): Promise<void> {
  const shown = (name: string): Promise<string | null> => page.getByTestId(name).textContent()
  const read = async (): Promise<string> => (await shown('subject')) || (await shown('error')) || ''
  await expect.poll(read, { message: 'who is signed in' }).toMatch(/./)
  expect(await read()).toBe(alice.sub)
}

interface Parts {
  readonly extensions: ExtensionsOptions
  readonly requestKey: JWK
  /** Filled once the APIs have their ports. */
  readonly apis: readonly GuardedApi[]
}

function withExtensions(usual: Configuration, parts: Parts): Configuration {
  const { d: _private, ...publicKey } = parts.requestKey
  const [spa] = usual.clients ?? []
  return {
    ...usual,
    clients: [
      {
        client_id: 'spa',
        ...spa,
        // Plain http on a loopback address is for native clients alone, once tokens come through the browser.
        application_type: 'native',
        jwks: { keys: [publicKey] },
        authorization_details_types: ['payment_initiation'],
        ...parts.extensions.client,
      },
    ],
    acrValues: [goldAcr],
    responseTypes: ['code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token', 'none'],
    extraTokenClaims: (context) => ({ acr: acrOfGrant(context) }),
    loadExistingGrant: (context) => grantEverything(context, parts.apis),
    features: {
      ...usual.features,
      claimsParameter: { enabled: true },
      deviceFlow: { enabled: true },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => parts.extensions.requireNonce === true },
      introspection: { enabled: true, allowedPolicy: () => true },
      jwtResponseModes: { enabled: true },
      registration: { enabled: true },
      registrationManagement: { enabled: true },
      requestObjects: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, indicator) => ({ scope: 'read write', audience: indicator, accessTokenFormat: 'jwt' }),
      },
      richAuthorizationRequests: {
        enabled: true,
        types: { payment_initiation: { validate: () => undefined } },
        authorizationDetailsForGrantSource: (context) => JSON.parse(String(context.oidc.params?.['authorization_details'])),
        authorizationDetailsForAccessToken: (_context, _token, source) => source?.rar,
        authorizationDetailsForIntrospection: (_context, token) => token.rar,
      },
    },
  }
}

/** The sign-in has the requested `acr`. */
function acrOf(asked: Readonly<Record<string, unknown>>): { readonly acr?: string } {
  return asked['acr_values'] === goldAcr ? { acr: goldAcr } : {}
}

function acrOfGrant({ oidc }: KoaContextWithOIDC): string | undefined {
  return oidc.entities.AuthorizationCode?.acr ?? oidc.entities.RefreshToken?.acr
}

/** No consent page: signing in is consent. */
async function grantEverything(
  context: KoaContextWithOIDC,
  apis: readonly GuardedApi[],
): Promise<InstanceType<typeof context.oidc.provider.Grant> | undefined> {
  const { client, session, provider } = context.oidc
  if (!client || !session?.accountId) return undefined
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  grant.addOIDCScope('openid profile email offline_access')
  for (const api of apis) grant.addResourceScope(api.indicator, 'read write')
  await grant.save()
  return grant
}

async function createRequestKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: 'request-key', alg: 'ES256', use: 'sig' }
}

/** CORS for endpoints that the provider itself gives none, as a deployment's gateway would add it. @returns true for preflights */
export function allowOrigin(request: IncomingMessage, response: ServerResponse): boolean {
  response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*')
  response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type')
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PUT, DELETE')
  if (request.method !== 'OPTIONS') return false
  response.writeHead(204).end()
  return true
}
