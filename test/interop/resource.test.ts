// @latchkey/resource with tokens that real servers issue: ours, and oidc-provider, which others wrote.
import {
  clientCredentials,
  createAuthorizationServer,
  jwtGenerator,
  memoryStore,
  randomGenerator,
  userSite,
} from '@latchkey/server'
import { createTokenVerifier, type ReplayStore, type TokenVerifier } from '@latchkey/resource'
import { base64url, calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose'
import type { Configuration } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestAuthorizationServer } from '../harness/authorization-server.js'
import { startOidcProvider } from '../harness/oidc-provider-server.js'

const API = 'https://api.example.com'
const SECRET = 'a secret of more than thirty-two bytes, for HMAC'

type Send = (url: string, init: RequestInit) => Promise<Response>

/** A server of which a test gets tokens by client credentials. */
interface Issuer {
  readonly issuer: string
  readonly tokenEndpoint: string
  readonly send: Send
}

interface DpopKey {
  readonly jkt: string
  proof(htm: string, htu: string, token?: string): Promise<string>
}

async function dpopKey(): Promise<DpopKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(publicKey)
  const hashOf = async (token: string): Promise<string> =>
    base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))))
  return {
    jkt: await calculateJwkThumbprint(jwk),
    proof: async (htm, htu, token) =>
      new SignJWT({ htm, htu, jti: crypto.randomUUID(), ...(token !== undefined && { ath: await hashOf(token) }) })
        .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
        .setIssuedAt()
        .sign(privateKey),
  }
}

async function tokenOf({ tokenEndpoint, send }: Issuer, key?: DpopKey): Promise<string> {
  const headers = {
    authorization: `Basic ${btoa(`machine:${encodeURIComponent(SECRET).replaceAll('%20', '+')}`)}`,
    ...(key && { dpop: await key.proof('POST', tokenEndpoint) }),
  }
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read', resource: API })
  const response = await send(tokenEndpoint, { method: 'POST', headers, body })
  const json: unknown = await response.json()
  if (typeof json === 'object' && json !== null && 'access_token' in json) return String(json.access_token)
  throw new Error(JSON.stringify(json))
}

function ourServer(isJwt: boolean): Issuer {
  const issuer = 'https://id.example.com/oauth'
  const server = createAuthorizationServer({
    issuer,
    clients: [
      {
        clientId: 'machine',
        clientSecret: SECRET,
        redirectUris: [],
        grantTypes: ['client_credentials'],
        tokenEndpointAuthMethod: 'client_secret_basic',
      },
    ],
    grants: [clientCredentials({ scopes: ['orders:read'] })],
    scopes: ['orders:read'],
    site: userSite({ users: [] }),
    keys: [signingKey],
    tokens: isJwt ? jwtGenerator() : randomGenerator(),
  })
  return { issuer, tokenEndpoint: `${issuer}/token`, send: (url, init) => server.fetch(new Request(url, init)) }
}

/** One for all servers: an RSA key, which is the default, takes longer to make than a server to start. */
let signingKey: JWK
let provider: TestAuthorizationServer
let opaqueProvider: TestAuthorizationServer

beforeAll(async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  signingKey = { ...(await exportJWK(privateKey)), alg: 'ES256', kid: 'first' }
  const app = { origin: 'http://127.0.0.1:9', redirectUris: ['http://127.0.0.1:9/cb'], postLogoutRedirectUris: [] }
  provider = await startOidcProvider(app, { configure: (usual) => withMachine(usual, 'jwt') })
  opaqueProvider = await startOidcProvider(app, { configure: (usual) => withMachine(usual, 'opaque') })
})

afterAll(async () => {
  await provider.close()
  await opaqueProvider.close()
})

function withMachine(usual: Configuration, accessTokenFormat: 'jwt' | 'opaque'): Configuration {
  return {
    ...usual,
    clients: [
      {
        client_id: 'machine',
        client_secret: SECRET,
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    scopes: ['openid', 'orders:read'],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: () => true },
      dPoP: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'orders:read',
          audience: API,
          accessTokenFormat,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  }
}

const theirs = ({ issuer }: TestAuthorizationServer): Issuer => ({
  issuer,
  tokenEndpoint: `${issuer}/token`,
  send: (url, init) => fetch(url, init),
})

const ISSUERS = {
  'our server, as JWTs': () => ourServer(true),
  'our server, opaque': () => ourServer(false),
  'oidc-provider, as JWTs': () => theirs(provider),
  'oidc-provider, opaque': () => theirs(opaqueProvider),
}

function verifierOf({ issuer, send }: Issuer, replayStore?: ReplayStore): TokenVerifier {
  const introspection = { clientId: 'machine', clientSecret: SECRET }
  return createTokenVerifier({ issuer: { issuer, introspection }, audience: API, fetch: send, dpop: { replayStore } })
}

const orders = (headers: HeadersInit): Request => new Request(`${API}/orders?page=2`, { headers })

describe.each(Object.entries(ISSUERS))('a token of %s', (_, start) => {
  it('opens the API that it is for, with its scope', async () => {
    const issuer = start()
    const token = await tokenOf(issuer)
    const authorization = `Bearer ${token}`
    const verification = await verifierOf(issuer).verify(orders({ authorization }), { scope: 'orders:read' })
    expect(verification).toMatchObject({
      ok: true,
      token: { issuer: issuer.issuer, clientId: 'machine', scope: ['orders:read'] },
    })
    expect(await verifierOf(issuer).verify(orders({ authorization }), { scope: 'orders:write' })).toMatchObject({
      ok: false,
      error: { status: 403 },
    })
  })

  it('opens no other API', async () => {
    const issuer = start()
    const authorization = `Bearer ${await tokenOf(issuer)}`
    const introspection = { clientId: 'machine', clientSecret: SECRET }
    const other = createTokenVerifier({
      issuer: { issuer: issuer.issuer, introspection },
      audience: 'https://other.example.com',
      fetch: issuer.send,
    })
    expect(await other.verify(orders({ authorization }))).toMatchObject({ ok: false, error: { code: 'invalid_token' } })
  })

  it('that is bound to a key needs a proof, which is valid once among processes with one store of our server', async () => {
    const issuer = start()
    const key = await dpopKey()
    const token = await tokenOf(issuer, key)
    const store = memoryStore()
    const headers = { authorization: `DPoP ${token}`, dpop: await key.proof('GET', `${API}/orders`, token) }
    expect(await verifierOf(issuer, store).verify(orders(headers))).toMatchObject({ ok: true, token: { dpopJkt: key.jkt } })
    expect(await verifierOf(issuer, store).verify(orders(headers))).toMatchObject({
      ok: false,
      error: { code: 'invalid_dpop_proof' },
    })
    expect((await verifierOf(issuer).verify(orders({ authorization: `Bearer ${token}` }))).ok).toBe(false)
  })
})
