// cspell:ignore requird frmae ifrmae fragmnet popop basik headr nonse maxage nmae tokenendpoint stat onstopped oncountdown endpont msgraph resorce audiance
import { describe, expect, it } from 'vitest'
import { clientSecretBasic, clientSecretJwt, privateKeyJwt } from '../client-auth.js'
import { discoverIssuer, discoverResource, introspectToken, verifyIdToken } from '../endpoints.js'
import { ConfigurationError } from '../errors/errors.js'
import { clientCredentialsGrant } from '../grants.js'
import { startIdleTimeout } from '../idle-timeout.js'
import { electronTransport, extensionTransport, externalBrowserTransport, openLoopback } from '../native.js'
import { issuer } from '../protocol/test-server.fixture.js'
import * as providers from '../providers.js'
import { createOAuthRegistry } from '../registry.js'
import { monitorSession } from '../session-monitor.js'
import { indexedDb } from '../storage/indexed-db.js'
import { createAuthorizationUrl, exchange } from './authorization-url.js'
import { countOf, createClientBench } from './client.fixture.js'
import { createOAuthClient } from './create-client.js'
import { createSignOutUrl } from './sign-out-url.js'

const settings = { issuer, clientId: 'client-1' }

/** In JavaScript no type refuses the value. */
const create = (options: object) => (): unknown => createOAuthClient({ ...settings, ...options } as never)

function expectRefused(act: () => unknown, ...texts: readonly string[]): void {
  let error: unknown
  try {
    act()
  } catch (cause) {
    error = cause
  }
  expect(error).toBeInstanceOf(ConfigurationError)
  for (const text of texts) expect((error as Error).message).toContain(text)
}

describe('createOAuthClient()', () => {
  it.each<readonly [options: object, first: string, second: string]>([
    [{ dpop: 'requird' }, '"dpop"', 'Did you mean "required"?'],
    [{ silent: ['ifrmae'] }, '"silent"', 'Did you mean "iframe"?'],
    [{ silent: 'iframe' }, '"silent"', 'list'],
    [{ transport: 'popop' }, '"transport"', 'Did you mean "popup"?'],
    [{ stepUp: 'popop' }, '"stepUp"', 'Did you mean "popup"?'],
    [{ responseType: 'cod' }, '"responseType"', 'Did you mean "code"?'],
    [{ responseMode: 'fragmnet' }, '"responseMode"', 'Did you mean "fragment"?'],
    [{ clientAuth: 'client_secret_basik' }, '"clientAuth"', 'Did you mean "client_secret_basic"?'],
    [{ revocationClientAuth: 'client-secret-post' }, '"revocationClientAuth"', 'Did you mean "client_secret_post"?'],
    [{ resources: [{ url: 'https://api/', tokenPlacement: 'headr' }] }, '"tokenPlacement"', 'Did you mean "header"?'],
    [{ resources: 'https://api/' }, '"resources"', 'list'],
    [{ resources: [5] }, '"resources"', 'string'],
    [{ resources: [null] }, '"resources"', 'string'],
    [{ scope: { value: 'openid' } }, '"scope"', 'an object'],
    [{ timeout: '30' }, '"timeout"', 'number'],
    [{ storage: 'memory' }, '"storage"', 'object'],
    [{ compliance: [] }, '"compliance"', 'object'],
    [{ fetch: 5 }, '"fetch"', 'function'],
    [{ onTokenSet: {} }, '"onTokenSet"', 'function'],
    [{ server: { issuer, tokenEndpoint: 'https://server/token' } }, '"tokenEndpoint"', 'Did you mean "token_endpoint"?'],
    [{ server: { issuer, jwksUri: 'https://server/jwks' } }, '"jwksUri"', 'Did you mean "jwks_uri"?'],
    [{ server: { issuer, token_endpont: 'https://server/token' } }, '"token_endpont"', 'Did you mean "token_endpoint"?'],
  ])('refuses the value of %j', (options, first, second) => {
    expectRefused(create(options), first, second)
  })

  it.each([
    { dpop: 'required' },
    { dpop: { alg: 'ES256', required: true } },
    { silent: ['iframe', 'redirect'], transport: { name: 'own', prepare: () => undefined } },
    { clientAuth: 'x_secret', clientAuthMethods: { x_secret: (request: Request) => request } },
    { resources: ['https://api/', { url: 'https://other/', tokenPlacement: 'query' }] },
    { server: { issuer, token_endpoint: 'https://server/token', tenant_region_scope: 'EU', msgraph_host: 'x' } },
    { claims: Object.assign(() => undefined, { '~standard': {} }) },
    { scope: null, name: null },
  ])('takes %j', (options) => {
    expect(create(options)).not.toThrow()
  })

  it('does not show a secret that was given as another option', () => {
    expectRefused(create({ clientAuth: { secret: 's3cret' }, clientSecret: 5 }))
    try {
      create({ dpop: 's3cret-value' })()
    } catch (cause) {
      expect(String(cause)).not.toContain('s3cret')
    }
  })

  it('treats a misspelled dpop "required" as required, where a production build does not check options', async () => {
    const { client, server } = await createClientBench({ dpop: true })
    Object.assign(client.options, { dpop: 'requird' })
    server.faults = { token: { token_type: 'Bearer' } }
    await expect(client.login()).rejects.toMatchObject({ code: 'unsupported_token_type' })
  })
})

type Act = (client: never) => unknown

const CALLS: ReadonlyArray<readonly [name: string, act: Act, text: string]> = [
  ['verifyIdToken(nonse)', (client) => verifyIdToken(client, 'x', { nonse: 'n' } as never), 'Did you mean "nonce"?'],
  ['verifyIdToken(maxage)', (client) => verifyIdToken(client, 'x', { maxage: 60 } as never), 'Did you mean "maxAge"?'],
  ['verifyIdToken(maxAge)', (client) => verifyIdToken(client, 'x', { maxAge: '60' } as never), '"maxAge" must be number'],
  ['createSignOutUrl()', (client) => createSignOutUrl(client, { postLogoutRedirectUrl: '/' } as never), 'postLogoutRedirectUri'],
  ['createSignOutUrl(local)', (client) => createSignOutUrl(client, { local: true } as never), '"local"'],
  ['exchange()', (client) => exchange(client, 'https://app.example/', { stat: 's' } as never), 'Did you mean "state"?'],
  ['createAuthorizationUrl()', (client) => createAuthorizationUrl(client, { state: 5 } as never), '"state" must be string'],
  ['discoverIssuer()', () => discoverIssuer('a@b.example', { timeoutSeconds: 5 } as never), 'no option "timeoutSeconds"'],
  ['discoverResource()', () => discoverResource('https://api/', { time: 5 } as never), 'no option "time"'],
  ['introspectToken()', (client) => introspectToken(client, { token_type_hint: 'x' } as never), 'tokenTypeHint'],
  ['privateKeyJwt()', () => privateKeyJwt({ key: 'k', kd: 'x' } as never), 'Did you mean "kid"?'],
  ['clientSecretJwt()', () => clientSecretJwt('s', { algorithm: 'HS256' } as never), 'Did you mean "alg"?'],
  ['clientSecretBasic()', () => clientSecretBasic('s', { raw_basic: true } as never), 'Did you mean "rawBasic"?'],
  ['indexedDb()', () => indexedDb({ nmae: 'x' } as never), '"databaseName" must be string'],
  ['externalBrowserTransport()', () => externalBrowserTransport('x', {} as never, { timeout: 5 } as never), 'timeoutSeconds'],
  ['extensionTransport()', () => extensionTransport({} as never, { timeout: 5 } as never), 'timeoutSeconds'],
  ['electronTransport()', () => electronTransport({ app: {}, shell: {} } as never, { timeout: 5 } as never), 'timeoutSeconds'],
  ['openLoopback()', () => openLoopback({ createServer: () => 0, open: () => 0, timeout: 5 } as never), 'timeoutSeconds'],
  ['startIdleTimeout()', (client) => startIdleTimeout(client, { timeout: 900 } as never), 'Did you mean "timeoutSeconds"?'],
  ['startIdleTimeout(logout)', (client) => startIdleTimeout(client, { timeoutSeconds: 1, onCountdown: 1 } as never), 'function'],
  ['monitorSession()', (client) => monitorSession(client, { onstopped: () => undefined } as never), 'onStopped'],
  ['a grant', () => clientCredentialsGrant({ ...settings, clientAuth: 'client_secret_basik' }), 'client_secret_basic'],
  [
    'the server of a grant',
    () => clientCredentialsGrant({ ...settings, server: { tokenEndpoint: 'x' } } as never),
    'token_endpoint',
  ],
  ['a registry entry', () => createOAuthRegistry({ a: { ...settings, dpop: 'requird' } as never }), 'Did you mean "required"?'],
]

describe('functions over a client', () => {
  it.each(CALLS)('%s refuses what it does not know', async (_name, act, text) => {
    const { client, server } = await createClientBench()
    const error: unknown = await Promise.resolve()
      .then(() => act(client as never))
      .catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(error).toMatchObject({ code: 'configuration', message: expect.stringContaining(text) as string })
    expect(server.log).toEqual([])
  })

  it('a call of a registry’s client refuses unknown options', async () => {
    const made = createOAuthRegistry({ a: settings })
    await expect(made.a.getAccessToken({ resorce: 'x' } as never)).rejects.toMatchObject({ hint: 'Did you mean "resource"?' })
  })
})

describe('presets', () => {
  it.each([
    ['twitch', () => providers.twitch({ clientID: 'x' } as never), 'Did you mean "clientId"?'],
    ['azureAdB2c', () => providers.azureAdB2c({ tenant: 'a', tenantID: 'b' } as never), 'Did you mean "tenantId"?'],
    ['azureAdB2c without one', () => providers.azureAdB2c({ tenant: 'a', policy: 'p', clientId: 'c' } as never), '"tenantId"'],
    ['github', () => providers.github({ tokenendpoint: 'x' } as never), 'Did you mean "tokenEndpoint"?'],
    ['auth0', () => providers.auth0('a.example', { audiance: 'x' } as never), 'Did you mean "audience"?'],
    ['auth0 without a domain', () => providers.auth0(undefined as never), '"domain"'],
    ['keycloak without a realm', () => providers.keycloak('https://id.example', undefined as never), '"realm"'],
    ['okta', () => providers.okta('' as never), '"domain"'],
  ])('%s refuses what it does not know, and what is missing', (_name, act, text) => {
    expectRefused(act, text)
  })
})

it('refuses a client_id in tokenParams, which would be dropped', async () => {
  const { client, server } = await createClientBench({ tokenParams: { client_id: 'other' } })
  await expect(client.login()).rejects.toMatchObject({
    code: 'configuration',
    message: expect.stringContaining('"client_id"') as string,
  })
  expect(countOf(server, 'POST /token')).toBe(0)
})
