import { describe, expect, it } from 'vitest'
import { isUsualInput, isUsualServer } from './authorization-request.js'
import type { AuthorizationParameters, ProtocolOptions } from './protocol-options.js'
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

/** What the caller adds to the usual request, and the query that it becomes. */
const FURTHER: ReadonlyArray<readonly [Partial<ProtocolOptions>, AuthorizationParameters, Readonly<Record<string, string>>]> = [
  [{}, {}, {}],
  [{ responseType: 'code' }, {}, {}],
  [{}, { scope: 'orders' }, { scope: 'orders' }],
  [{ scope: 'orders' }, {}, { scope: 'orders' }],
  [{ responseType: 'id_token' }, {}, { response_type: 'id_token' }],
  [{ responseType: 'code id_token' }, {}, { response_type: 'code id_token' }],
  [{ responseType: 'none' }, {}, { response_type: 'none' }],
  [{ responseMode: 'form_post' as never }, {}, { response_mode: 'form_post' }],
  [{ responseMode: 'query.jwt' }, {}, { response_mode: 'query.jwt' }],
  [{ responseMode: 'fragment' }, {}, { response_mode: 'fragment' }],
  [{}, { prompt: 'none' }, { prompt: 'none' }],
  [{ params: { prompt: 'login consent' } }, {}, { prompt: 'login consent' }],
  [{}, { claims: {} }, { claims: '{}' }],
  [{ authorizationDetails: [{ type: 'account' }] }, {}, { authorization_details: '[{"type":"account"}]' }],
]

/** @returns whether the request is built without `finish-request.ts` */
function isPlainRequest(server: ServerMetadata, client: ProtocolOptions, parameters: AuthorizationParameters): boolean {
  const input = { state: 'state', redirectUri: 'https://app.example/callback', parameters }
  const { responseType = 'code', scope = 'openid' } = client
  const request = { responseType, scope: String(parameters.scope ?? scope) }
  return isUsualInput(client, input) && isUsualServer(server, client, request)
}

/** @returns whether the request is sent as it is */
function isSentAsItIs(server: ServerMetadata, parameters: URLSearchParams, client: ProtocolOptions): boolean {
  try {
    checkServerSupport(server, parameters, client)
    return !isSignedOrPushed(client, server)
  } catch {
    return false
  }
}

describe('a request that is built without more checks', () => {
  it('is none that the server does not support, or that is signed or pushed', () => {
    const requests = METADATA.flatMap((server) =>
      OPTIONS.flatMap((client) =>
        FURTHER.map(
          ([more, parameters, added]) =>
            [
              { ...metadata, ...server },
              { ...options, ...client, ...more },
              parameters,
              new URLSearchParams({ ...query, ...added }),
            ] as const,
        ),
      ),
    )
    const plain = requests.filter(([server, client, parameters]) => isPlainRequest(server, client, parameters))
    expect(plain.length).toBeGreaterThan(50)
    expect(plain.filter(([server, client, , sent]) => !isSentAsItIs(server, sent, client))).toEqual([])
  })

  it('is the code flow with what servers usually list', () => {
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
    expect(isPlainRequest(usual, options, {})).toBe(true)
    expect(isPlainRequest(usual, { ...options, responseType: 'code', clientAuth: 'none' }, { scope: ['openid', 'email'] })).toBe(
      true,
    )
    expect(isPlainRequest(metadata, { ...options, par: false, dpop: false }, {})).toBe(true)
  })

  it.each(['myapp:/callback', 'https://app.example/#callback', 'callback'])(
    'is none with the redirect URI "%s"',
    (redirectUri) => {
      expect(isUsualInput(options, { state: 'state', redirectUri, parameters: {} })).toBe(false)
    },
  )

  it('is none with an algorithm that no ID token may have', () => {
    const client = { ...options, idTokenSignedResponseAlg: 'HS256' }
    const server = { ...metadata, id_token_signing_alg_values_supported: ['HS256'] }
    expect(() => isPlainRequest(server, client, {})).toThrow(expect.objectContaining({ code: 'configuration' }))
  })
})
