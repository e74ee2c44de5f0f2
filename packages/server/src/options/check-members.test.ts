// cspell:disable
import { describe, expect, it } from 'vitest'
import { ciba } from '../features/ciba/ciba.js'
import { device } from '../features/device/device.js'
import { dpop } from '../features/dpop/dpop.js'
import { jar } from '../features/jar/jar.js'
import { logout } from '../features/logout/logout.js'
import { par } from '../features/par/par.js'
import { rar } from '../features/rar/rar.js'
import { registration } from '../features/registration/registration.js'
import { createAuthorizationServer } from '../server/create-server.js'
import { post } from '../server/test-requests.fixture.js'
import { json } from '../server/test-browser.fixture.js'
import { ALICE, SPA, testServer } from '../server/test-server.fixture.js'
import type { SiteAdapter } from '../site/site-adapter.js'
import { userSite } from '../site/user-site.js'
import type { ClientRecord } from '../storage/client-record.js'
import { clientList, clientStore } from '../storage/client-store.js'
import { keyvStore } from '../storage/keyv-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { sqliteStore } from '../storage/sqlite-store.js'
import { authorizationCode } from '../token/grants/authorization-code.js'
import { clientCredentials } from '../token/grants/client-credentials.js'
import { hybrid } from '../token/grants/hybrid.js'
import { implicit } from '../token/grants/implicit.js'
import { jwtBearer } from '../token/grants/jwt-bearer.js'
import { password } from '../token/grants/password.js'
import { refreshToken } from '../token/grants/refresh-token.js'
import { tokenExchange } from '../token/grants/token-exchange.js'
import { jwtGenerator } from '../token/jwt-generator.js'
import { randomGenerator } from '../token/token-generator.js'

const site = userSite({ users: [ALICE] })

/** Plain JavaScript is not stopped by types. */
function create(options: object): void {
  createAuthorizationServer({ issuer: 'https://id.example', clients: [SPA], site, ...options } as Parameters<
    typeof createAuthorizationServer
  >[0])
}
const call =
  (factory: unknown, options: object): (() => unknown) =>
  () =>
    (factory as (options: object) => unknown)(options)

describe('createAuthorizationServer()', () => {
  const REFUSED: readonly (readonly [options: object, suggestion: string])[] = [
    [{ client: [] }, 'clients'],
    [{ grant: [] }, 'grants'],
    [{ sessionLifeTime: 60 }, 'sessionLifetime'],
    [{ session_lifetime: 60 }, 'sessionLifetime'],
    [{ scope_claims: {} }, 'scopeClaims'],
    [{ corsOrigins: '*' }, 'corsOrigin'],
    [{ feature: [] }, 'features'],
    [{ store: {} }, 'stores'],
    [{ hooks: { onErrors: () => undefined } }, 'onError'],
    [{ hooks: { ratelimit: () => 0 } }, 'rateLimit'],
    [{ keyRotation: { publishahead: 1 } }, 'publishAhead'],
    [{ clients: [{ ...SPA, client_secret: 's' }] }, 'clientSecret'],
    [{ clients: [{ ...SPA, clientsecret: 's' }] }, 'clientSecret'],
    [{ clients: [{ ...SPA, 'client-secret': 's' }] }, 'clientSecret'],
    [{ clients: [{ ...SPA, redirect_uris: [] }] }, 'redirectUris'],
    [{ clients: [{ ...SPA, redirectURIs: [] }] }, 'redirectUris'],
    [{ clients: [{ ...SPA, token_endpoint_auth_method: 'client_secret_basic' }] }, 'tokenEndpointAuthMethod'],
    [{ clients: [{ ...SPA, requireConcent: true }] }, 'requireConsent'],
    [{ clients: [{ ...SPA, scopes: 'a' }] }, 'scope'],
    [{ site: { ...site, isActive: undefined, isActve: () => false } }, 'isActive'],
    [{ features: [{ name: 'x', route: [] }] }, 'routes'],
    [{ features: [{ ...par(), earlyRule: [] }] }, 'earlyRules'],
    [{ grants: [{ ...authorizationCode(), default_scope: 'a' }] }, 'defaultScope'],
    [{ grants: [{ ...authorizationCode(), expires_in: 60 }] }, 'expiresIn'],
  ].map(([options, suggestion]) => [options as object, suggestion as string] as const)

  for (const [index, [options, suggestion]] of REFUSED.entries()) {
    it(`refuses a misspelled member and suggests "${suggestion}" (${index})`, () => {
      expect(() => create(options)).toThrow(TypeError)
      expect(() => create(options)).toThrow(new RegExp(`Did you mean "${suggestion}"\\?`))
    })
  }

  it('refuses every other unknown member, and lists those that it knows', () => {
    expect(() => create({ magic: 1 })).toThrow(/^options: "magic" is unknown\. Known: issuer, clients/)
    expect(() => create({ clients: [{ ...SPA, secret: 's' }] })).toThrow(
      /^clients: "secret" of "spa" is unknown\. Known: clientId/,
    )
    expect(() => create({ clients: [{ clientId: 'a', redirectUri: 'https://a.example' }] })).toThrow(/"redirectUris"/)
    expect(() => create({ features: [{ name: 'x', magic: [] }] })).toThrow(/^features: "magic" of "x"/)
  })

  it('refuses a misspelled member in clientList() too', () => {
    expect(() => clientList([{ ...SPA, client_secret: 's' }])).toThrow(/"client_secret" of "spa".*"clientSecret"/)
  })

  it("accepts members without a value, and the host's own data of a client", () => {
    create({ magic: undefined, clients: [{ ...SPA, client_secret: undefined, data: { tenant: 7 } }] })
    expect(() => create({ clients: [{ ...SPA, data: 'x' }] })).toThrow(/"data" of "spa": expected an object/)
  })

  it('accepts the client metadata of a feature', () => {
    const feature = { name: 'x', clientMetadata: { members: { hostMember: { wireName: 'host_member', type: 'any' } } } }
    create({ features: [feature], clients: [{ ...SPA, hostMember: 1 }] })
    expect(() => create({ clients: [{ ...SPA, hostMember: 1 }] })).toThrow(/"hostMember"/)
  })

  it('says what is wrong with a value of another kind', () => {
    expect(() => create({ features: [device] })).toThrow(/^features: .*device\(\)/)
    expect(() => create({ features: [{}] })).toThrow(/^features: .*"name"/)
    expect(() => create({ features: device() })).toThrow(/^features: expected a list/)
    expect(() => create({ grants: authorizationCode() })).toThrow(/^grants: expected a list/)
    expect(() => create({ stores: memoryStore() })).toThrow(/^stores: .*storesOver/)
    expect(() => create({ tokens: jwtGenerator as unknown })).not.toThrow()
    expect(() => create({ tokens: {} })).toThrow(/^tokens: .*"generate"/)
    expect(() => create({ hooks: { onEvent: 1 } })).toThrow(/^hooks: .*"onEvent".*function/)
    expect(() => create({ scopes: 'openid' })).toThrow(/^scopes: expected a list/)
    expect(() => createAuthorizationServer(undefined as never)).toThrow(/^options: expected an object/)
    class Site implements SiteAdapter {
      readonly helper = 1
      readonly userDeniedAccess = (): boolean => false
      readonly authenticate = (): undefined => undefined
      readonly renderAuthorizationPage = (): Response => new Response()
    }
    expect(() => create({ site: new Site() })).not.toThrow()
    expect(() => create({ site: { ...site, helper: () => 1 } })).not.toThrow()
  })
})

describe('a function that takes options', () => {
  const trusted = { issuer: 'https://other.example', jwks: { keys: [] } }
  const FACTORIES: readonly (readonly [unknown, object, string])[] = [
    [authorizationCode, { code_lifetime: 60 }, 'codeLifetime'],
    [hybrid, { requirePKCE: true }, 'requirePkce'],
    [implicit, { expires_in: 60 }, 'expiresIn'],
    [password, { allowPublicClient: true }, 'allowPublicClients'],
    [clientCredentials, { default_scope: 'a' }, 'defaultScope'],
    [refreshToken, { reuse_detection: false }, 'reuseDetection'],
    [refreshToken, { rotation: false }, 'rotate'],
    [tokenExchange, { isallowed: () => true }, 'isAllowed'],
    [jwtBearer, { trustedIssuer: [] }, 'trustedIssuers'],
    [jwtBearer, { trustedIssuers: [{ ...trusted, jwks_uri: 'https://other.example/jwks' }] }, 'jwksUri'],
    [device, { code_lifetime: 60 }, 'codeLifetime'],
    [ciba, { notifyuser: () => undefined }, 'notifyUser'],
    [registration, { initial_access_token: 'x' }, 'initialAccessToken'],
    [rar, { type: {} }, 'types'],
    [rar, { types: { payment: { chek: () => undefined } } }, 'check'],
    [par, { require: true }, 'required'],
    [jar, { by_value: false }, 'byValue'],
    [dpop, { requirenonce: true }, 'requireNonce'],
    [randomGenerator, { byte: 64 }, 'bytes'],
    [jwtGenerator, { audiance: 'x' }, 'audience'],
    [userSite, { user: [] }, 'users'],
    [userSite, { users: [ALICE], one_click: true }, 'oneClick'],
    [userSite, { users: [{ sub: 'a', userName: 'a' }] }, 'username'],
    [userSite, { users: [{ sub: 'a', claim: {} }] }, 'claims'],
    [memoryStore, { sweep: 1, sweepevery: 1 }, 'sweepEvery'],
    [(options: object) => keyvStore(new Map(), options), { singleprocess: true }, 'singleProcess'],
    [sqliteStore, { file: 'x.db', sweep_every: 1 }, 'sweepEvery'],
  ]
  for (const [factory, options, suggestion] of FACTORIES) {
    it(`refuses ${Object.keys(options).join()} and suggests "${suggestion}"`, () => {
      expect(call(factory, options)).toThrow(TypeError)
      expect(call(factory, options)).toThrow(new RegExp(`(Did you mean|Known:.*) ?"?${suggestion}`))
    })
  }

  it('says where claims of a user belong', () => {
    expect(call(userSite, { users: [{ sub: 'alice', name: 'Alice' }] })).toThrow(/^users: "name" of "alice".*"claims"/)
    expect(call(userSite, { users: [{ username: 'alice' }] })).toThrow(/^users: every user needs a "sub"/)
    expect(call(userSite, { users: [{ sub: 42 }] })).toThrow(/^users: every user needs a "sub"/)
    expect(call(userSite, {})).toThrow(/^users: expected a list/)
    expect(call(userSite, { users: [{ sub: 'a', password: 1 }] })).toThrow(/^users: "password" of "a": expected a string/)
  })

  it('accepts undefined and the members that it knows', () => {
    expect([authorizationCode(undefined), refreshToken({}), par(), logout()].length).toBe(4)
  })
})

describe('a client of a ClientStore', () => {
  it('is refused if its secret is misspelled: it would be public', async () => {
    const store = clientStore(memoryStore())
    await store.saveClient({ clientId: 'web', redirectUris: [], client_secret: 'x' })
    const errors: string[] = []
    const { server } = await testServer({ clients: store, hooks: { onError: (error) => void errors.push(String(error)) } })
    const body = { client_id: 'web', grant_type: 'authorization_code', code: 'x' }
    expect(await json(await post(server, '/token', body))).toMatchObject({ error: 'server_error' })
    expect(errors[0]).toMatch(/"client_secret" of "web".*"clientSecret"/)
  })

  it.each([
    { secret: 'x' },
    { hashedSecret: 'x' },
    { client_secret_hash: 'x' },
    { clientPassword: 'x' },
    new (class {
      get secret(): string {
        return 'x'
      }
    })(),
  ])('is refused if its secret has another name: %o', async (more) => {
    const client = Object.assign(more, { clientId: 'web', redirectUris: [] }) as unknown as ClientRecord
    const errors: string[] = []
    const hooks = { onError: (error: unknown) => void errors.push(String(error)) }
    const { server } = await testServer({ clients: { findClient: () => Promise.resolve(client) }, hooks })
    const body = { client_id: 'web', grant_type: 'authorization_code', code: 'x' }
    expect(await json(await post(server, '/token', body))).toMatchObject({ error: 'server_error' })
    expect(errors[0]).toMatch(/of "web" is unknown. Did you mean "clientSecret"/)
    // A list is refused at once.
    expect(() => create({ clients: [client] })).toThrow(/of "web" is unknown/)
  })

  it('may have a secret that is not its own if it says that it is public', async () => {
    const client = { clientId: 'web', redirectUris: [], secret: 'x', tokenEndpointAuthMethod: 'none' }
    const { server } = await testServer({ clients: { findClient: () => Promise.resolve(client) } })
    const body = { client_id: 'web', grant_type: 'authorization_code', code: 'x' }
    expect(await json(await post(server, '/token', body))).toMatchObject({ error: 'invalid_grant' })
  })

  it('may have members of the host', async () => {
    const store = clientStore(memoryStore())
    await store.saveClient({ clientId: 'web', redirectUris: [], tenant: 7 })
    const { server } = await testServer({ clients: store })
    const body = { client_id: 'web', grant_type: 'authorization_code', code: 'x' }
    expect(await json(await post(server, '/token', body))).toMatchObject({ error: 'invalid_grant' })
  })

  it('is unknown if its id is spelled in another way than requested', async () => {
    const client = { clientId: 'App', redirectUris: [] }
    const { server } = await testServer({ clients: { findClient: () => Promise.resolve(client) } })
    const body = { client_id: 'app', grant_type: 'authorization_code', code: 'x' }
    expect(await json(await post(server, '/token', body))).toMatchObject({ error: 'invalid_client' })
    expect(await json(await post(server, '/token', { ...body, client_id: 'App' }))).toMatchObject({ error: 'invalid_grant' })
  })
})
