import { registration } from '../features/registration/registration.js'
import { describe, expect, it } from 'vitest'
import { createAuthorizationServer } from '../server/create-server.js'
import { device } from '../features/device/device.js'
import { refreshToken } from '../token/grants/refresh-token.js'
import { userSite } from '../site/user-site.js'
import { clientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { ALICE, SPA, testKeys } from '../server/test-server.fixture.js'

const site = userSite({ users: [ALICE] })
const good = { issuer: 'https://id.example', clients: [SPA], site }

/** Plain JavaScript is not stopped by types. */
function create(options: object): void {
  createAuthorizationServer({ ...good, ...options } as Parameters<typeof createAuthorizationServer>[0])
}
const withClient = (client: object): void => create({ clients: [{ ...SPA, ...client }] })

describe('createAuthorizationServer()', () => {
  it('accepts valid options', async () => {
    const keys = (await testKeys()).filter(({ alg }) => alg === 'ES256')
    const accepted: readonly object[] = [
      {},
      { clients: [] },
      { clients: clientStore(memoryStore()), features: [registration()] },
      { clients: [{ ...SPA, scope: '', data: { hostMember: 1 }, idTokenSignedResponseAlg: 'ES256' }], keys },
      { clients: [{ ...SPA, redirectUris: ['com.example.app:/cb', 'http://localhost:1/cb'] }] },
      { clients: [{ ...SPA, tokenEndpointAuthMethod: 'tls_client_auth' }], authenticateClient: () => undefined },
    ]
    for (const options of accepted) expect(() => create(options), JSON.stringify(options)).not.toThrow()
  })

  const REFUSED: readonly (readonly [object, RegExp])[] = [
    [{ site: undefined }, /^site: /],
    [{ site: { ...site, userDeniedAccess: 1 } }, /^site: .*userDeniedAccess/],
    [{ clients: undefined }, /^clients: /],
    [{ clients: {} }, /^clients: /],
    [{ features: [registration()] }, /^registration: /],
    [{ sessionLifetime: -1 }, /^sessionLifetime: /],
    [{ sessionLifetime: Number.NaN }, /^sessionLifetime: /],
    [{ issuer: 'https://user:secret@id.example' }, /^issuer: (?!.*secret)/],
    [{ issuer: undefined }, /^issuer: /],
  ]
  for (const [options, message] of REFUSED) {
    it(`refuses ${JSON.stringify(options)}, and names the option`, () => {
      expect(() => create(options)).toThrow(message)
      expect(() => create(options)).toThrow(TypeError)
    })
  }

  const CLIENTS: readonly (readonly [string, unknown])[] = [
    ['redirectUris', undefined],
    ['redirectUris', 'https://app.example/'],
    ['redirectUris', ['nonsense']],
    ['redirectUris', ['javascript:alert(1)']],
    ['redirectUris', ['https://app.example/#f']],
    ['postLogoutRedirectUris', ['/bye']],
    ['clientSecret', 12345],
    ['scope', 'a  b'],
    ['scope', ['a']],
    ['grantTypes', 'authorization_code'],
    ['defaultMaxAge', '10'],
    ['jwks', []],
    ['jwksUri', 'nonsense'],
    ['backchannelLogoutUri', 'file:///etc/passwd'],
    ['requireConsent', 'yes'],
    ['applicationType', 'spa'],
    ['idTokenSignedResponseAlg', 'none'],
    ['userinfoSignedResponseAlg', 'HS256'],
    ['tokenEndpointAuthMethod', 'magic'],
  ]
  for (const [member, value] of CLIENTS) {
    it(`refuses a client whose "${member}" is ${JSON.stringify(value)}, and names the member`, () => {
      expect(() => withClient({ [member]: value })).toThrow(new RegExp(`^clients: "${member}" of "spa": expected`))
    })
  }

  it('refuses a client that could never authenticate', () => {
    expect(() => withClient({ tokenEndpointAuthMethod: 'private_key_jwt' })).toThrow(/"jwks" of "spa"/)
    expect(() => withClient({ tokenEndpointAuthMethod: 'client_secret_post' })).toThrow(/"clientSecret" of "spa"/)
    const hashed = { tokenEndpointAuthMethod: 'client_secret_jwt', clientSecret: 'sha256:x' }
    expect(() => withClient(hashed)).toThrow(/"clientSecret" of "spa"/)
    const wrongAlg = { tokenEndpointAuthMethod: 'client_secret_jwt', clientSecret: 'x', tokenEndpointAuthSigningAlg: 'RS256' }
    expect(() => withClient(wrongAlg)).toThrow(/"tokenEndpointAuthSigningAlg" of "spa"/)
  })
})

describe('grants and sites', () => {
  it('refuse impossible durations, and two users of one name', () => {
    expect(() => refreshToken({ grace: -1 })).toThrow(/"grace"/)
    expect(() => device({ codeLifetime: 0 })).toThrow(/"codeLifetime"/)
    expect(() => device({ interval: -5 })).toThrow(/"interval"/)
    expect(() => userSite({ users: [ALICE, { sub: 'alice', username: 'other' }] })).toThrow(/"sub"/)
    expect(() => userSite({ users: [ALICE, { sub: 'other', username: 'alice' }] })).toThrow(/"username"/)
  })
})
