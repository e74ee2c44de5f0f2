import { describe, expect, it } from 'vitest'
import { testServer, ISSUER } from '../server/test-server.fixture.js'
import { json } from '../server/test-browser.fixture.js'

const AUTH_METHODS = ['none', 'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt']
const AUTH_ALGORITHMS = ['HS256', 'HS384', 'HS512', 'RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519']
const SIGNING = ['RS256', 'PS256', 'ES256', 'EdDSA']

describe('server metadata', () => {
  it('is this document (RFC 8414, section 2; OpenID Connect Discovery 1.0, section 3)', async () => {
    const { server } = await testServer()
    const response = await server.fetch(new Request(`${ISSUER}/.well-known/openid-configuration`))
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
    expect(await json(response)).toMatchObject({
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/authorize`,
      token_endpoint: `${ISSUER}/token`,
      userinfo_endpoint: `${ISSUER}/userinfo`,
      jwks_uri: `${ISSUER}/jwks`,
      revocation_endpoint: `${ISSUER}/revoke`,
      introspection_endpoint: `${ISSUER}/introspect`,
      pushed_authorization_request_endpoint: `${ISSUER}/par`,
      end_session_endpoint: `${ISSUER}/end-session`,
      scopes_supported: ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'],
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: SIGNING,
      userinfo_signing_alg_values_supported: SIGNING,
      authorization_signing_alg_values_supported: SIGNING,
      token_endpoint_auth_methods_supported: AUTH_METHODS,
      token_endpoint_auth_signing_alg_values_supported: AUTH_ALGORITHMS,
      revocation_endpoint_auth_methods_supported: AUTH_METHODS,
      revocation_endpoint_auth_signing_alg_values_supported: AUTH_ALGORITHMS,
      introspection_endpoint_auth_methods_supported: AUTH_METHODS,
      introspection_endpoint_auth_signing_alg_values_supported: AUTH_ALGORITHMS,
      code_challenge_methods_supported: ['S256'],
      claims_parameter_supported: true,
      require_pushed_authorization_requests: false,
      prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
      authorization_response_iss_parameter_supported: true,
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      frontchannel_logout_supported: true,
      frontchannel_logout_session_supported: true,
    })
  })

  it('contains no absent endpoint', async () => {
    const { server } = await testServer()
    const document = await json(await server.fetch(new Request(`${ISSUER}/.well-known/openid-configuration`)))
    const named = Object.entries(document).filter(([name]) => name.endsWith('_endpoint'))
    expect(named.map(([name]) => name)).not.toContain('registration_endpoint')
    expect(named.map(([name]) => name)).not.toContain('device_authorization_endpoint')
    for (const [name, url] of named) expect((await server.fetch(new Request(url, { method: 'PUT' }))).status, name).toBe(405)
  })

  it('allows CORS at every endpoint for scripts, and at no page', async () => {
    const { server } = await testServer()
    const preflight = (path: string): Promise<Response> =>
      server.fetch(
        new Request(ISSUER + path, {
          method: 'OPTIONS',
          headers: {
            origin: 'https://app.example',
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'dpop,authorization',
          },
        }),
      )
    for (const path of ['/token', '/par', '/userinfo', '/revoke', '/introspect', '/jwks', '/.well-known/openid-configuration']) {
      const { headers, status } = await preflight(path)
      expect([path, status, headers.get('access-control-allow-origin')]).toEqual([path, 204, '*'])
      expect(headers.get('access-control-allow-headers')?.toLowerCase()).toContain('dpop')
    }
    for (const path of ['/authorize', '/end-session'])
      expect((await preflight(path)).headers.get('access-control-allow-origin')).toBeNull()
  })
})
