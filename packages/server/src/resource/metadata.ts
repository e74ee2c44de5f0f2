import { RESPONSE_MODES } from '../authorize/rules/check-response-mode.js'
import { Reply } from '../http/reply.js'
import type { RequestContext } from '../http/request-context.js'
import type { ServerContext } from '../options/server-context.js'
import { ASSERTION_ALGORITHMS } from '../token/assertion.js'
import { AUTH_METHODS } from '../token/client-authentication/authenticate-client.js'
import { HMAC_ALGORITHMS } from '../token/client-authentication/client-key.js'
import { STANDARD_CLAIMS } from '../token/claim-names.js'

/** What the metadata endpoint needs of the server beside the common context. */
export interface MetadataServer extends ServerContext {
  /** Members that features add, by their wire names. */
  readonly featureMetadata: () => Readonly<Record<string, unknown>>
}

const HEADERS = { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' }
/** Milliseconds that the text of the document is kept: members of features may depend on the time. */
const KEPT_MS = 10_000

const texts = new WeakMap<MetadataServer, { readonly text: string; readonly madeAt: number }>()

/** The metadata endpoint: one document under both well-known names. @see RFC 8414, section 2; OpenID Connect Discovery 1.0, section 3 */
export async function metadata({ server }: RequestContext<MetadataServer>): Promise<Reply> {
  const now = server.now()
  const kept = texts.get(server)
  if (kept && Math.abs(now - kept.madeAt) < KEPT_MS) return new Reply(kept.text, 200, HEADERS)
  const text = JSON.stringify(serverMetadata(server))
  texts.set(server, { text, madeAt: now })
  return new Reply(text, 200, HEADERS)
}

/** Returns the document by its wire names. */
export function serverMetadata(server: MetadataServer): Record<string, unknown> {
  const { issuer, grants, keys, acrValues } = server
  return {
    issuer,
    authorization_endpoint: server.urlOf('/authorize'),
    token_endpoint: server.urlOf('/token'),
    userinfo_endpoint: server.urlOf('/userinfo'),
    jwks_uri: server.urlOf('/jwks'),
    revocation_endpoint: server.urlOf('/revoke'),
    introspection_endpoint: server.urlOf('/introspect'),
    scopes_supported: [...new Set(grants.flatMap(({ scopes }) => scopes ?? server.scopes))],
    response_types_supported: grants.flatMap(({ responseTypes }) => responseTypes ?? []),
    response_modes_supported: RESPONSE_MODES,
    grant_types_supported: [...new Set(grants.flatMap(({ grantType }) => grantType ?? []))],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: keys.algorithms,
    userinfo_signing_alg_values_supported: keys.algorithms,
    authorization_signing_alg_values_supported: keys.algorithms,
    ...clientAuthentication('token', 'revocation', 'introspection'),
    code_challenge_methods_supported: grants.some(({ code }) => code?.allowPlain) ? ['S256', 'plain'] : ['S256'],
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'sid', ...STANDARD_CLAIMS],
    claims_parameter_supported: true,
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    authorization_response_iss_parameter_supported: true,
    acr_values_supported: acrValues.length > 0 ? acrValues : undefined,
    ...server.featureMetadata(),
  }
}

/** Clients authenticate in the same ways at all endpoints. @see RFC 8414, section 2 */
function clientAuthentication(...endpointNames: readonly string[]): Record<string, unknown> {
  const algorithms = [...HMAC_ALGORITHMS, ...ASSERTION_ALGORITHMS]
  const members = endpointNames.flatMap((name) => [
    [`${name}_endpoint_auth_methods_supported`, AUTH_METHODS],
    [`${name}_endpoint_auth_signing_alg_values_supported`, algorithms],
  ])
  return Object.fromEntries(members)
}
