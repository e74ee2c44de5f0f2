// cspell:ignore hvcn
import { describe, expect, it } from 'vitest'
import { createOAuth1Server } from '../server/create-oauth1-server.js'
import { createAuthorizationServer } from '../server/create-server.js'
import { authorizePath, testBrowser, tokenRequest } from '../server/test-browser.fixture.js'
import { ALICE, SPA, testServer } from '../server/test-server.fixture.js'
import { userSite } from '../site/user-site.js'
import type { ClientRecord } from '../storage/client-record.js'
import { clientCredentials } from '../token/grants/client-credentials.js'

const site = userSite({ users: [ALICE] })

function create(options: object): void {
  createAuthorizationServer({ issuer: 'https://id.example', clients: [SPA], site, ...options })
}
const withClient = (client: Partial<ClientRecord>, more = {}) => create({ clients: [{ ...SPA, ...client }], ...more })
const withSecret = (clientSecret: string, more = {}) => withClient({ clientSecret, ...more })

/** SHA-256 of nothing. */
const EMPTY_DIGEST = 'sha256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'

describe('http (RFC 9700, section 2.6)', () => {
  const FAR = [
    'http://id.example',
    'http://192.168.1.20:9000',
    'http://10.0.0.1/oauth',
    'http://0.0.0.0:9000',
    'http://localhost.example',
    'http://127.0.0.1.example',
    'http://[fe80::1]',
    'http://[::ffff:192.168.1.20]',
    'http://intranet',
  ]
  it.each(FAR)('is refused off loopback, for the issuer and redirect URIs, when the server is made: %s', (url) => {
    expect(() => create({ issuer: url })).toThrow(/^issuer: .*https/)
    expect(() => withClient({ redirectUris: [`${url}/cb`] })).toThrow(/^clients: "redirectUris" of "spa": .*https/)
    expect(() => withClient({ postLogoutRedirectUris: [`${url}/bye`] })).toThrow(/^clients: "postLogoutRedirectUris" of "spa": /)
  })

  it.each([
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['https://id.example/mandant-ü', 'https://id.example/mandant-%C3%BC'],
    ['https://id.example/a b', 'https://id.example/a%20b'],
    ['https://id.example/a/../b', 'https://id.example/b'],
    ['https://id.example\\a', 'https://id.example/a'],
  ])('is refused in another spelling than requests have: %s', (url, ascii) => {
    expect(() => create({ issuer: url })).toThrow(`issuer: expected the URL as it is sent, in ASCII: "${ascii}"`)
    expect(() => createOAuth1Server({ url, clients: [], site })).toThrow(`in ASCII: "${ascii}"`)
    expect(() => create({ issuer: ascii })).not.toThrow()
  })

  const NEAR = [
    'http://localhost:5173',
    'http://127.0.0.1:5173/oauth',
    'http://[::1]:9000',
    'http://127.0.0.2',
    'http://app.localhost',
  ]
  it.each(NEAR)('is accepted on loopback: %s', (url) => {
    expect(() => create({ issuer: url })).not.toThrow()
    expect(() => withClient({ redirectUris: [`${url}/cb`] })).not.toThrow()
  })

  it('is accepted elsewhere with "allowInsecureHttp" alone, for tests on a local network', () => {
    const url = 'http://192.168.1.20:9000'
    expect(() => withClient({ redirectUris: [`${url}/cb`] }, { issuer: url, allowInsecureHttp: true })).not.toThrow()
    expect(() => create({ issuer: url, allowInsecureHttp: false })).toThrow(/^issuer: /)
    expect(() => create({ allowInsecureHttp: 'yes' })).toThrow(/^allowInsecureHttp: /)
  })

  it('is refused in the redirect URI of a stored client, on a page', async () => {
    const redirectUri = 'http://app.example/cb'
    const clients = { findClient: (clientId: string) => Promise.resolve({ ...SPA, clientId, redirectUris: [redirectUri] }) }
    const { server } = await testServer({ clients })
    for (const redirect_uri of [redirectUri, undefined]) {
      const response = await testBrowser(server).get(authorizePath({ redirect_uri }))
      expect([response.status, response.headers.get('location')]).toEqual([400, null])
    }
  })
})

describe('a secret', () => {
  it.each(['', ' ', '\t\n', 'sha256:', 'sha256:short', EMPTY_DIGEST])('that is empty is refused: %j', (secret) => {
    expect(() => withSecret(secret)).toThrow(/^clients: "clientSecret" of "spa": expected a string that is not empty/)
  })

  it('that is empty is refused of a stored client too', async () => {
    for (const clientSecret of ['', EMPTY_DIGEST]) {
      const clients = { findClient: () => Promise.resolve({ clientId: 'web', clientSecret, redirectUris: [] }) }
      const hooks = { onError: () => undefined }
      const { server } = await testServer({ clients, hooks, grants: [clientCredentials({ defaultScope: 'email' })] })
      const headers = { authorization: `Basic ${btoa('web:')}` }
      const response = await server.fetch(tokenRequest({ grant_type: 'client_credentials' }, headers))
      expect(response.status).toBe(500)
    }
  })

  it.each([
    ['HS256', 32],
    ['HS384', 48],
    ['HS512', 64],
  ])('for %s has at least %i bytes (RFC 7518, section 3.2)', (tokenEndpointAuthSigningAlg, bytes) => {
    const more = { tokenEndpointAuthMethod: 'client_secret_jwt', tokenEndpointAuthSigningAlg }
    expect(() => withSecret('x'.repeat(bytes - 1), more)).toThrow(new RegExp(`"clientSecret" of "spa": .*${bytes} bytes`))
    expect(() => withSecret('x'.repeat(bytes), more)).not.toThrow()
    const requestObjects = { requestObjectSigningAlg: tokenEndpointAuthSigningAlg }
    expect(() => withSecret('x'.repeat(bytes - 1), requestObjects)).toThrow(/"clientSecret" of "spa"/)
    expect(() => withSecret('x'.repeat(bytes), requestObjects)).not.toThrow()
  })

  it('for client_secret_jwt without an algorithm has at least 32 bytes', () => {
    const more = { tokenEndpointAuthMethod: 'client_secret_jwt' }
    expect(() => withSecret('x'.repeat(31), more)).toThrow(/32 bytes/)
    expect(() => withSecret('ü'.repeat(16), more)).not.toThrow()
  })

  it('cannot sign ID tokens, and neither can a symmetric key', () => {
    expect(() => withSecret('x'.repeat(64), { idTokenSignedResponseAlg: 'HS256' })).toThrow(/"idTokenSignedResponseAlg"/)
    expect(() => create({ keys: [{ kty: 'oct', alg: 'HS256', k: 'c2hvcnQ' }] })).toThrow(/^keys: /)
  })

  it('of the server is not shorter than 32 bytes, and not all zero', () => {
    for (const secret of [new Uint8Array(), new Uint8Array(31).fill(7), new Uint8Array(32)])
      expect(() => create({ secret })).toThrow(/^secret: /)
  })
})

describe('a user', () => {
  it.each(['password', 'username', 'sub'])('with an empty "%s" is refused', (name) => {
    for (const empty of ['', ' ']) expect(() => userSite({ users: [{ ...ALICE, [name]: empty }] })).toThrow(/^users: /)
  })
})
