import { generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { createAuthorizationRequest } from './authorization-request.js'
import type { AuthorizationParameters, ProtocolOptions } from './protocol-options.js'
import type { ServerMetadata } from './server-metadata.js'
import { failure } from './sign-in.fixture.js'
import { createContext, createTestServer, issuer, metadata, redirectUri } from './test-server.fixture.js'

interface Ask {
  readonly options?: Partial<ProtocolOptions>
  readonly login?: AuthorizationParameters
  /** What the metadata says besides the endpoints. */
  readonly says?: Partial<ServerMetadata>
}

/** @returns the path of each request that was made before the browser would leave */
async function ask({ options = {}, login = {}, says = {} }: Ask): Promise<string[]> {
  const server = await createTestServer()
  server.faults = {
    respond: ({ url }) => (url.endsWith('/par') ? Response.json({ request_uri: 'urn:request:1' }, { status: 201 }) : undefined),
  }
  const context = createContext(server, { server: { ...metadata, ...says }, ...options })
  await createAuthorizationRequest(context, { parameters: login, state: 'state-1', redirectUri })
  return server.log
}

const { privateKey: key } = await generateKeyPair('ES256')
const publish = (): string => 'https://app.example/requests/1'
const claims = { userinfo: { email: null } }
const secret = { clientSecret: 'a secret' }
const par = { pushed_authorization_request_endpoint: `${issuer}/par` }
const jarm: Partial<ProtocolOptions> = { responseMode: 'query.jwt' }

describe('features that the metadata does not list are not requested (RFC 8414 §2)', () => {
  const cases: Readonly<Record<string, readonly [names: string, Ask, accepted: Ask['says']]>> = {
    'an algorithm of DPoP proofs': [
      'ES256',
      { options: { dpop: true }, says: { dpop_signing_alg_values_supported: ['PS256'] } },
      { dpop_signing_alg_values_supported: ['PS256', 'ES256'] },
    ],
    'an algorithm of ID tokens': [
      'idTokenSignedResponseAlg',
      { says: { id_token_signing_alg_values_supported: ['ES256', 'HS256'] } },
      { id_token_signing_alg_values_supported: ['ES256', 'RS256'] },
    ],
    'an algorithm of signed responses': [
      'authorizationSignedResponseAlg',
      { options: jarm, says: { authorization_signing_alg_values_supported: ['PS256'] } },
      { authorization_signing_alg_values_supported: ['RS256'] },
    ],
    'an algorithm of request objects': [
      'ES256',
      { options: { requestObject: { key } }, says: { request_object_signing_alg_values_supported: ['RS256'] } },
      { request_object_signing_alg_values_supported: ['RS256', 'ES256'] },
    ],
    'the parameter "claims"': [
      'claims',
      { login: { claims }, says: { claims_parameter_supported: false } },
      { claims_parameter_supported: true },
    ],
    'request objects by reference': [
      'reference',
      { options: { requestObject: { key, publish } }, says: { request_uri_parameter_supported: false } },
      { request_uri_parameter_supported: true },
    ],
    'a method of client authentication': [
      'client_secret_jwt',
      {
        options: { clientAuth: 'client_secret_jwt', ...secret },
        says: { token_endpoint_auth_methods_supported: ['client_secret_basic'] },
      },
      { token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_jwt'] },
    ],
    'requests that are not pushed': [
      'par',
      { options: { par: false }, says: { ...par, require_pushed_authorization_requests: true } },
      { ...par, require_pushed_authorization_requests: false },
    ],
    'the grant "authorization_code"': [
      'authorization_code',
      { says: { grant_types_supported: ['client_credentials'] } },
      { grant_types_supported: ['authorization_code'] },
    ],
  }

  it.each(Object.entries(cases))('%s: an error before anything is sent', async (_what, [names, requested, accepted]) => {
    const error = await failure(ask(requested))
    expect(error).toMatchObject({ name: 'ConfigurationError', code: 'unsupported' })
    expect(`${error.message} ${error.hint}`).toContain(names)
    await expect(ask({ ...requested, says: accepted ?? {} })).resolves.toBeDefined()
    // What the metadata is silent about is allowed.
    await expect(ask({ ...requested, says: {} })).resolves.toBeDefined()
  })

  it('refuses before the request object is published or pushed', async () => {
    const published: string[] = []
    const requestObject = { key, publish: (jwt: string) => (published.push(jwt), publish()) }
    const says = { ...par, request_object_signing_alg_values_supported: ['RS256'] }
    expect(await failure(ask({ options: { requestObject, par: true }, says }))).toMatchObject({ code: 'unsupported' })
    expect(published).toEqual([])
  })
})

describe('what servers leave out of their metadata, though they have it, is not refused', () => {
  it.each<readonly [string, Ask]>([
    // Keycloak, Auth0, Cognito, Microsoft Entra: public clients are served and "none" is not listed.
    [
      '"none" among the methods of client authentication',
      { says: { token_endpoint_auth_methods_supported: ['client_secret_basic'] } },
    ],
    [
      'custom client authentication',
      {
        options: { clientAuth: (request) => request },
        says: { token_endpoint_auth_methods_supported: ['client_secret_basic'] },
      },
    ],
    // A voluntary request (OpenID Connect Core 1.0, section 3.1.2.1); Keycloak lists only the values of the realm.
    ['a value of "acr_values"', { login: { acrValues: 'gold' }, says: { acr_values_supported: ['0', '1'] } }],
    ['a word of the scope', { options: { scope: 'openid special' }, says: { scopes_supported: ['openid'] } }],
    ['the grant "refresh_token"', { says: { grant_types_supported: ['authorization_code'] } }],
    [
      'one of two names of an algorithm',
      {
        options: { idTokenSignedResponseAlg: 'EdDSA' },
        says: { id_token_signing_alg_values_supported: ['Ed25519'] },
      },
    ],
    [
      'the algorithm of an ID token that is not requested',
      {
        options: { scope: 'read' },
        says: { id_token_signing_alg_values_supported: ['ES256'] },
      },
    ],
    [
      'the algorithm of signed responses that are not requested',
      { says: { authorization_signing_alg_values_supported: ['ES256'] } },
    ],
    [
      'a secret where no code is redeemed',
      {
        options: { responseType: 'id_token', clientAuth: 'client_secret_post', ...secret },
        says: { response_types_supported: ['id_token'], token_endpoint_auth_methods_supported: ['private_key_jwt'] },
      },
    ],
    ['"claims_parameter_supported", where it is not said', { login: { claims } }],
  ])('%s', async (_what, requested) => {
    await expect(ask(requested)).resolves.toBeDefined()
  })
})
