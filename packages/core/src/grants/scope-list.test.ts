import { decodeJwt, exportPKCS8 } from 'jose'
import { describe, expect, it } from 'vitest'
import { createAuthorizationUrl, exchange } from '../client/authorization-url.js'
import { createOAuthClient } from '../client/create-client.js'
import {
  assertionSession,
  ciba,
  clientCredentialsGrant,
  clientCredentialsSession,
  deviceAuthorization,
  fromServiceAccount,
  jwtBearerGrant,
  passwordGrant,
  type StandaloneClient,
  tokenExchange,
} from '../grants.js'
import { createTestServer, issuer, metadata, redirectUri, sharedKey, type TestServer } from '../protocol/test-server.fixture.js'
import { createOAuthRegistry } from '../registry.js'
import { memory } from '../storage/memory.js'

const scope = ['read', 'write'] as const

async function bench(): Promise<{ readonly server: TestServer; readonly client: StandaloneClient }> {
  const server = await createTestServer()
  server.faults = {
    token: {
      id_token: undefined,
      refresh_token: undefined,
      scope: undefined,
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    },
    respond: ({ url }) => {
      const { pathname } = new URL(url)
      if (pathname === '/device')
        return Response.json({ device_code: 'd', user_code: 'u', verification_uri: `${issuer}/go`, interval: 1 })
      return pathname === '/ciba' ? Response.json({ auth_req_id: 'c', interval: 1 }) : undefined
    },
  }
  const endpoints = {
    ...metadata,
    device_authorization_endpoint: `${issuer}/device`,
    backchannel_authentication_endpoint: `${issuer}/ciba`,
  }
  const client = {
    server: endpoints,
    clientId: 'client-1',
    clientAuth: 'client_secret_post',
    clientSecret: 's',
    fetch: server.fetch,
  }
  return { server, client: client as StandaloneClient }
}

const wait = async (): Promise<void> => undefined

describe('a scope that is a list (RFC 6749 §3.3)', () => {
  type Grant = (
    client: StandaloneClient,
    own: { readonly scope: readonly string[] } | undefined,
  ) => Promise<{ scope?: string | undefined }>
  const grants: ReadonlyArray<readonly [name: string, grant: Grant, isOfClient: boolean]> = [
    ['password', (client, own) => passwordGrant(client, { username: 'ada', password: 'p', ...own }), true],
    ['client_credentials', (client, own) => clientCredentialsGrant(client, own), false],
    ['jwt-bearer', (client, own) => jwtBearerGrant(client, { assertion: 'a.b.c', ...own }), false],
    ['token-exchange', (client, own) => tokenExchange(client, { subjectToken: 't', ...own }), false],
    ['device', async (client, own) => (await deviceAuthorization(client, own)).poll({ wait }), true],
    ['ciba', async (client, own) => (await ciba(client, { loginHint: 'ada', ...own })).poll({ wait }), true],
  ]

  it.each(grants)('is sent as one parameter by the grant %s, and is the scope of its token', async (_, grant, isOfClient) => {
    //
    const { server, client } = await bench()
    expect(await grant({ ...client, scope: 'other' }, { scope })).toMatchObject({ scope: 'read write' })
    if (isOfClient) expect(await grant({ ...client, scope }, undefined)).toMatchObject({ scope: 'read write' })
    const sent = server.bodies.map((body) => body.getAll('scope')).filter((values) => values.length > 0)
    expect(sent).toEqual(isOfClient ? [['read write'], ['read write']] : [['read write']])
  })

  it('is sent by sessions without a user', async () => {
    const { server, client } = await bench()
    await clientCredentialsSession(client, { scope }).getAccessToken()
    const { privateKey } = await sharedKey('RS256', 'k1')
    const service = {
      tokenEndpoint: `${issuer}/token`,
      issuer: 'service@example.com',
      key: privateKey,
      header: { alg: 'RS256' },
      fetch: server.fetch,
    }
    await assertionSession({ ...service, scope }).getAccessToken()
    expect(server.bodies.map((body) => body.getAll('scope'))).toEqual([['read write'], ['read write']])
    const account = {
      client_email: 'service@example.com',
      private_key: await exportPKCS8(privateKey),
      token_uri: `${issuer}/token`,
    }
    await assertionSession({ ...fromServiceAccount(account, { scope }), fetch: server.fetch }).getAccessToken()
    expect(decodeJwt(server.bodies.at(-1)?.get('assertion') ?? '')).toMatchObject({ scope: 'read write' })
  })

  it('is one entry with the text of its values for a stored token', async () => {
    const server = await createTestServer()
    server.faults = { token: { id_token: undefined, refresh_token: undefined } }
    const stored = { access_token: 'stored-1', token_type: 'bearer', refresh_token: 'refresh-1', expires_at: 4_000_000_000 }
    const entry = { issuer, clientId: 'client-1', redirectUri, scope, fetch: server.fetch, storage: memory() }
    const { github } = createOAuthRegistry({ github: entry }, { fetchToken: () => stored })
    expect(await github.getAccessToken({ scope: ['write', 'read'] })).toBe(await github.getAccessToken({ scope: 'read write' }))
    await github.refresh({ scope })
    expect(server.bodies.map((body) => body.getAll('scope'))).toEqual([['write read'], ['read write']])
    const { refresh_token: _, ...alone } = { ...stored, scope: 'read write' }
    const other = createOAuthRegistry({ github: entry }, { fetchToken: () => alone }).github
    expect(await other.getAccessToken({ scope: ['write'] })).toBe('stored-1')
    await expect(other.getAccessToken({ scope: ['write', 'admin'] })).rejects.toMatchObject({ code: 'token_invalid' })
  })

  it('is in the transaction of a saved authorization request as text', async () => {
    const server = await createTestServer()
    const settings = { issuer, clientId: 'client-1', redirectUri, scope: ['openid', 'email'], fetch: server.fetch }
    const saved = await createAuthorizationUrl(createOAuthClient({ ...settings, storage: memory() }))
    expect(saved.url.searchParams.getAll('scope')).toEqual(['openid email'])
    server.nonce = saved.nonce
    server.faults = { token: { scope: undefined } }
    const callback = `${redirectUri}?code=code-1&state=${saved.state}&iss=${encodeURIComponent(issuer)}`
    const restored = createOAuthClient({ ...settings, storage: memory() })
    expect(await exchange(restored, callback, saved)).toMatchObject({ tokenSet: { scope: 'openid email' } })
    await restored.close()
  })
})
