import { createServer, type Server } from 'node:http'
import {
  authorizationCode,
  clientCredentials,
  createAuthorizationServer,
  memoryStore,
  refreshToken,
  storesOver,
  userSite,
  type ClientRecord,
} from '@latchkey/server'
import { device } from '@latchkey/server/device'
import { rar } from '@latchkey/server/rar'
import { toNodeHandler } from '@latchkey/server/node'
import { exportJWK, generateKeyPair } from 'jose'
import * as oauth from 'oauth4webapi'
import { OidcClient, WebStorageStateStore, type StateStore } from 'oidc-client-ts'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const REDIRECT = 'http://127.0.0.1:9/cb'
const SECRET = 'a secret of more than thirty-two bytes, for HMAC'

let http: Server
let issuer: URL
let privateKey: CryptoKey

const web = (clientId: string, more: Partial<ClientRecord>): ClientRecord => ({
  clientId,
  redirectUris: [REDIRECT],
  postLogoutRedirectUris: ['http://127.0.0.1:9/bye'],
  ...more,
})

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true })
  privateKey = pair.privateKey
  const jwk = { ...(await exportJWK(pair.publicKey)), alg: 'ES256' }
  http = createServer()
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  issuer = new URL(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/oauth`)
  const server = createAuthorizationServer({
    issuer: issuer.href,
    clients: [
      web('spa', {}),
      web('basic', { clientSecret: SECRET, tokenEndpointAuthMethod: 'client_secret_basic' }),
      web('post', { clientSecret: SECRET, tokenEndpointAuthMethod: 'client_secret_post' }),
      web('hmac', { clientSecret: SECRET, tokenEndpointAuthMethod: 'client_secret_jwt' }),
      web('key', { tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys: [jwk] } }),
      web('signing', { jwks: { keys: [jwk] }, requestObjectSigningAlg: 'ES256', requireSignedRequestObject: true }),
    ],
    grants: [authorizationCode(), refreshToken(), clientCredentials()],
    features: [device({ interval: 1 }), rar({ types: { payment_initiation: { check: () => undefined } } })],
    site: userSite({ users: [{ sub: 'alice', claims: { name: 'Alice' } }] }),
    stores: storesOver(memoryStore()),
  })
  const handle = toNodeHandler(server)
  http.on('request', (request, response) => void handle(request, response))
})

afterAll(() => {
  http.closeAllConnections()
  return new Promise((resolve) => http.close(resolve))
})

/** Acts as a user in a browser: opens the URL and presses a button on each page until the server redirects to the client. */
async function visit(url: URL, jar = new Map<string, string>()): Promise<URL> {
  let response = await send(url, jar)
  for (let pages = 0; pages < 4; pages += 1) {
    const location = response.headers.get('location')
    if (location !== null) return new URL(location, url)
    const page = await response.text()
    const action = /<form method="post" action="([^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const csrf = /name="csrf" value="([^"]*)"/.exec(page)?.[1] ?? ''
    if (csrf === '') return url
    const choice = page.includes('Sign out?')
      ? { action: 'sign-out' }
      : page.includes('Allow access?')
        ? { action: 'consent' }
        : { action: 'sign-in', user: 'alice' }
    response = await send(new URL(action, url), jar, new URLSearchParams({ csrf, ...choice }))
  }
  throw new Error('too many pages')
}

async function send(url: URL, jar: Map<string, string>, body?: URLSearchParams): Promise<Response> {
  const headers = { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }
  const response = await fetch(url, { redirect: 'manual', headers, ...(body ? { method: 'POST', body } : {}) })
  for (const line of response.headers.getSetCookie()) {
    const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? []
    jar.set(name, value)
  }
  return response
}

const insecure = { execute: [openid.allowInsecureRequests] }

async function codeFlow(config: openid.Configuration, extra: Record<string, string> = {}, options: openid.DPoPOptions = {}) {
  const verifier = openid.randomPKCECodeVerifier()
  const [state, nonce] = [openid.randomState(), openid.randomNonce()]
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT,
    scope: 'openid profile',
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...extra,
  })
  const callback = await visit(url)
  return openid.authorizationCodeGrant(
    config,
    callback,
    { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce },
    undefined,
    options,
  )
}

describe('openid-client', () => {
  const METHODS: Readonly<Record<string, () => openid.ClientAuth>> = {
    spa: () => openid.None(),
    basic: () => openid.ClientSecretBasic(SECRET),
    post: () => openid.ClientSecretPost(SECRET),
    hmac: () => openid.ClientSecretJwt(SECRET),
    key: () => openid.PrivateKeyJwt(privateKey),
  }
  for (const [clientId, method] of Object.entries(METHODS)) {
    it(`signs in, refreshes, reads UserInfo, introspects and revokes as "${clientId}"`, async () => {
      // covers C-019, C-022, C-036, C-082, C-083
      const config = await openid.discovery(issuer, clientId, undefined, method(), insecure)
      const tokens = await codeFlow(config)
      const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')
      const info = await openid.fetchUserInfo(config, renewed.access_token, renewed.claims()?.sub ?? '')
      expect(info.name).toBe('Alice')
      expect(await openid.tokenIntrospection(config, renewed.access_token)).toMatchObject({ active: true, sub: 'alice' })
      await openid.tokenRevocation(config, renewed.refresh_token ?? '')
      expect(await openid.tokenIntrospection(config, renewed.access_token)).toMatchObject({ active: false })
    })
  }

  it('gets tokens by client credentials', async () => {
    // covers C-040
    const config = await openid.discovery(issuer, 'basic', undefined, openid.ClientSecretBasic(SECRET), insecure)
    expect((await openid.clientCredentialsGrant(config, { scope: 'email' })).access_token).toBeTypeOf('string')
  })

  it('binds tokens by DPoP', async () => {
    const config = await openid.discovery(issuer, 'spa', undefined, openid.None(), insecure)
    const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair())
    const tokens = await codeFlow(config, {}, { DPoP })
    expect(tokens.token_type).toBe('dpop')
    expect((await openid.fetchUserInfo(config, tokens.access_token, 'alice', { DPoP })).sub).toBe('alice')
  })

  it('pushes its authorization request', async () => {
    const config = await openid.discovery(issuer, 'basic', undefined, openid.ClientSecretBasic(SECRET), insecure)
    const verifier = openid.randomPKCECodeVerifier()
    const url = await openid.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: REDIRECT,
      scope: 'openid',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    const callback = await visit(url)
    const tokens = await openid.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier })
    expect(tokens.claims()?.sub).toBe('alice')
  })

  const details = [{ type: 'payment_initiation', instructedAmount: { currency: 'EUR', amount: '123.50' } }]

  /** The parameters of the authorization request, independent of how they are sent. */
  const askFor = async (verifier: string, more: Record<string, string> = {}): Promise<Record<string, string>> => ({
    redirect_uri: REDIRECT,
    scope: 'openid',
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...more,
  })

  it('signs its authorization request, by value and pushed (RFC 9101)', async () => {
    const config = await openid.discovery(issuer, 'signing', undefined, openid.None(), insecure)
    expect(config.serverMetadata()).toMatchObject({ request_parameter_supported: true, require_signed_request_object: false })
    const verifier = openid.randomPKCECodeVerifier()
    const signed = await openid.buildAuthorizationUrlWithJAR(config, await askFor(verifier), privateKey)
    expect([...signed.searchParams.keys()].toSorted()).toEqual(['client_id', 'request'])
    const tokens = await openid.authorizationCodeGrant(config, await visit(signed), { pkceCodeVerifier: verifier })
    expect(tokens.claims()?.sub).toBe('alice')
    const pushed = await openid.buildAuthorizationUrlWithPAR(
      config,
      (await openid.buildAuthorizationUrlWithJAR(config, await askFor(verifier), privateKey)).searchParams,
    )
    const more = await openid.authorizationCodeGrant(config, await visit(pushed), { pkceCodeVerifier: verifier })
    expect(more.claims()?.sub).toBe('alice')
  })

  it('requests authorization details, plain and signed, and fewer of them at a refresh (RFC 9396)', async () => {
    const config = await openid.discovery(issuer, 'signing', undefined, openid.None(), insecure)
    const verifier = openid.randomPKCECodeVerifier()
    const parameters = await askFor(verifier, {
      authorization_details: JSON.stringify([...details, { type: 'payment_initiation' }]),
    })
    const url = await openid.buildAuthorizationUrlWithJAR(config, parameters, privateKey)
    const tokens = await openid.authorizationCodeGrant(config, await visit(url), { pkceCodeVerifier: verifier })
    expect(tokens.authorization_details).toEqual([...details, { type: 'payment_initiation' }])
    expect(await openid.tokenIntrospection(config, tokens.access_token)).toMatchObject({
      authorization_details: tokens.authorization_details,
    })
    const less = { authorization_details: JSON.stringify(details) }
    const renewed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '', less)
    expect(renewed.authorization_details).toEqual(details)
    const open = await openid.discovery(issuer, 'spa', undefined, openid.None(), insecure)
    expect((await codeFlow(open, less)).authorization_details).toEqual(details)
  })

  it('signs in a device', async () => {
    const config = await openid.discovery(issuer, 'spa', undefined, openid.None(), insecure)
    const authorization = await openid.initiateDeviceAuthorization(config, { scope: 'openid' })
    const polling = openid.pollDeviceAuthorizationGrant(config, authorization)
    await visit(new URL(authorization.verification_uri_complete ?? ''))
    expect((await polling).claims()?.sub).toBe('alice')
  })

  it('signs out', async () => {
    const config = await openid.discovery(issuer, 'spa', undefined, openid.None(), insecure)
    const tokens = await codeFlow(config)
    const url = openid.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: 'http://127.0.0.1:9/bye',
      state: 's',
    })
    expect((await visit(url)).href).toBe('http://127.0.0.1:9/bye?state=s')
  })
})

describe('oauth4webapi', () => {
  it('signs in with code and PKCE, with all of its checks on', async () => {
    const options = { [oauth.allowInsecureRequests]: true }
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options))
    // RFC 8414, section 3.1: the OAuth metadata document has the same content at its own URL.
    const other = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oauth2' }),
    )
    expect(other).toEqual(as)
    const client = { client_id: 'spa' }
    const verifier = oauth.generateRandomCodeVerifier()
    const nonce = oauth.generateRandomNonce()
    const url = new URL(as.authorization_endpoint ?? '')
    const challenge = await oauth.calculatePKCECodeChallenge(verifier)
    url.search = new URLSearchParams({
      client_id: 'spa',
      redirect_uri: REDIRECT,
      response_type: 'code',
      scope: 'openid',
      nonce,
      state: 'x',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    }).toString()
    const params = oauth.validateAuthResponse(as, client, await visit(url), 'x')
    const response = await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), params, REDIRECT, verifier, options)
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
      expectedNonce: nonce,
      requireIdToken: true,
    })
    await oauth.validateApplicationLevelSignature(as, response, options)
    expect(oauth.getValidatedIdTokenClaims(tokens)?.sub).toBe('alice')
  })
})

describe('oidc-client-ts', () => {
  const memory = (): StateStore => {
    const values = new Map<string, string>()
    const store: Storage = {
      getItem: (key) => values.get(key) ?? null,
      setItem: (key, value) => void values.set(key, value),
      removeItem: (key) => void values.delete(key),
      key: (index) => [...values.keys()][index] ?? null,
      clear: () => values.clear(),
      get length() {
        return values.size
      },
    }
    return new WebStorageStateStore({ store })
  }

  it('signs in, refreshes, and signs out', async () => {
    const client = new OidcClient({
      authority: issuer.href,
      client_id: 'spa',
      redirect_uri: REDIRECT,
      post_logout_redirect_uri: 'http://127.0.0.1:9/bye',
      scope: 'openid profile',
      loadUserInfo: true,
      stateStore: memory(),
    })
    const request = await client.createSigninRequest({ state: { back: '/' } })
    const callback = await visit(new URL(request.url))
    const signin = await client.processSigninResponse(callback.href)
    expect(signin.profile).toMatchObject({ sub: 'alice', name: 'Alice' })
    const renewed = await client.useRefreshToken({
      state: {
        refresh_token: signin.refresh_token ?? '',
        id_token: signin.id_token ?? '',
        session_state: null,
        scope: 'openid profile',
        profile: signin.profile,
        data: {},
      },
    })
    expect(renewed.access_token).not.toBe(signin.access_token)
    const out = await client.createSignoutRequest({ id_token_hint: signin.id_token ?? '', state: 'bye' })
    const back = await visit(new URL(out.url))
    await expect(client.processSignoutResponse(back.href)).resolves.toBeDefined()
  })
})
