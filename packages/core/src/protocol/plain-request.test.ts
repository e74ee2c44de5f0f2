import { describe, expect, it } from 'vitest'
import { isPlainRequest } from './authorization-request.js'
import type { ProtocolOptions } from './protocol-options.js'
import type { ServerMetadata } from './server-metadata.js'
import { checkServerSupport, isSignedOrPushed } from './server-support.js'

const issuer = 'https://server.example'
const options: ProtocolOptions = { issuer, clientId: 'spa' }
const metadata: ServerMetadata = { issuer, jwks_uri: `${issuer}/jwks` }
const query = { response_type: 'code', scope: 'openid', code_challenge_method: 'S256' }

/** Each of these is a reason to look closer, or none. */
const METADATA: ReadonlyArray<Partial<ServerMetadata>> = [
  {},
  { jwks: { keys: [] } },
  { jwks_uri: undefined as never },
  { response_types_supported: ['code', 'id_token'] },
  { response_types_supported: ['id_token'] },
  { response_types_supported: 'code' as never },
  { response_types_supported: null as never },
  { response_modes_supported: ['query'] },
  { grant_types_supported: ['authorization_code'] },
  { grant_types_supported: ['implicit'] },
  { code_challenge_methods_supported: ['S256'] },
  { code_challenge_methods_supported: ['plain'] },
  { code_challenge_methods_supported: [] },
  { id_token_signing_alg_values_supported: ['RS256'] },
  { id_token_signing_alg_values_supported: ['ES256'] },
  { id_token_signing_alg_values_supported: ['Ed25519'] },
  { claims_parameter_supported: false },
  { prompt_values_supported: ['login'] },
  { prompt_values_supported: ['none'] },
  { authorization_details_types_supported: ['payment'] },
  { token_endpoint_auth_methods_supported: ['client_secret_basic'] },
  { require_pushed_authorization_requests: true },
  { require_pushed_authorization_requests: true, pushed_authorization_request_endpoint: `${issuer}/par` },
  { pushed_authorization_request_endpoint: `${issuer}/par` },
  { require_signed_request_object: true },
  { request_parameter_supported: false },
]

const OPTIONS: ReadonlyArray<Partial<ProtocolOptions>> = [
  {},
  { clientAuth: 'client_secret_post', clientSecret: 'demo' },
  { clientAuth: (request) => request },
  { par: true },
  { par: false },
  { requestObject: { key: {} as CryptoKey } },
  { dpop: true },
  { idTokenSignedResponseAlg: 'EdDSA' },
  { idTokenSignedResponseAlg: 'ES256' },
]

const QUERIES: ReadonlyArray<Readonly<Record<string, string>>> = [
  {},
  { scope: 'orders' },
  { response_type: 'id_token' },
  { response_type: 'code id_token' },
  { response_type: 'none' },
  { response_mode: 'form_post' },
  { response_mode: 'query.jwt' },
  { response_mode: 'fragment' },
  { prompt: 'none' },
  { prompt: 'login consent' },
  { claims: '{}' },
  { authorization_details: '[{"type":"account"}]' },
]

/** @returns whether the request is sent as it is */
function isSentAsItIs(server: ServerMetadata, parameters: URLSearchParams, client: ProtocolOptions): boolean {
  try {
    checkServerSupport(server, parameters, client)
    return !isSignedOrPushed(client, server)
  } catch {
    return false
  }
}

describe('isPlainRequest()', () => {
  it('is false for every request that the server does not support, or that is signed or pushed', () => {
    const requests = METADATA.flatMap((server) =>
      OPTIONS.flatMap((client) => QUERIES.map((parameters) => [server, client, parameters] as const)),
    )
    const wrong = requests.filter(([server, client, parameters]) => {
      const request = [
        { ...metadata, ...server },
        new URLSearchParams({ ...query, ...parameters }),
        { ...options, ...client },
      ] as const
      return isPlainRequest(...request) && !isSentAsItIs(...request)
    })
    expect(wrong).toEqual([])
  })

  it('is true for the code flow with what servers usually list', () => {
    const usual = {
      ...metadata,
      response_types_supported: ['code', 'id_token'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['plain', 'S256'],
      id_token_signing_alg_values_supported: ['RS256', 'ES256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
      claims_parameter_supported: false,
      request_parameter_supported: false,
    }
    expect(isPlainRequest(usual, new URLSearchParams(query), options)).toBe(true)
    expect(isPlainRequest(usual, new URLSearchParams({ ...query, prompt: 'login' }), options)).toBe(true)
    expect(isPlainRequest(metadata, new URLSearchParams(query), { ...options, par: false, dpop: false })).toBe(true)
  })

  it('refuses an algorithm that no ID token may have', () => {
    const client = { ...options, idTokenSignedResponseAlg: 'HS256' }
    const server = { ...metadata, id_token_signing_alg_values_supported: ['HS256'] }
    expect(() => isPlainRequest(server, new URLSearchParams(query), client)).toThrow(
      expect.objectContaining({ code: 'configuration' }),
    )
  })
})
