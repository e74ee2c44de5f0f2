import { OAuthError } from '../../http/oauth-error.js'
import { words } from '../../token/scope.js'
import type { AuthorizationRequest, Findings, ResponseMode } from '../authorization-request.js'

/** The response modes that this server supports. */
export const RESPONSE_MODES: readonly ResponseMode[] = [
  'query',
  'fragment',
  'form_post',
  'jwt',
  'query.jwt',
  'fragment.jwt',
  'form_post.jwt',
]

type ResponseKind = Pick<AuthorizationRequest, 'responseType' | 'grant'>

/** Tells whether the authorization response contains a token, which must not be in a query. That of a custom grant may contain one. */
function isFrontChannel({ responseType, grant }: ResponseKind): boolean {
  if (grant?.authorize && grant.responseMode !== 'query') return true
  return words(responseType).some((word) => word === 'token' || word === 'id_token')
}

/** A token in a query ends up in logs, also inside a signed response. */
const IN_QUERY: ReadonlySet<string> = new Set(['query', 'query.jwt'])

/** Returns the mode for the response, error or not. An unknown mode falls back to the default; a rule refuses it later. */
export function responseModeOf(requested: string | undefined, kind: ResponseKind): ResponseMode {
  const known = RESPONSE_MODES.find((mode) => mode === requested)
  const fallback = isFrontChannel(kind) ? 'fragment' : 'query'
  if (known === undefined || (isFrontChannel(kind) && IN_QUERY.has(known))) return fallback
  return known === 'jwt' ? `${fallback}.jwt` : known
}

/** Tokens must not be sent in a query. @see OAuth 2.0 Multiple Response Type Encoding Practices, sections 2.1 and 3 */
export function checkResponseMode(request: AuthorizationRequest): Findings {
  const requested = request.params.get('response_mode')
  if (requested === undefined) return
  if (!RESPONSE_MODES.some((mode) => mode === requested))
    throw new OAuthError('invalid_request', '"response_mode" is not supported')
  if (IN_QUERY.has(requested) && isFrontChannel(request))
    throw new OAuthError('invalid_request', '"response_mode" must not be a query for this "response_type"')
}
