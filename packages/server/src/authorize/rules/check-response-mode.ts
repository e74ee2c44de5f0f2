import { OAuthError } from '../../http/oauth-error.js'
import { words, type AuthorizationRequest, type Findings, type ResponseMode } from '../authorization-request.js'

export const RESPONSE_MODES: readonly ResponseMode[] = [
  'query',
  'fragment',
  'form_post',
  'jwt',
  'query.jwt',
  'fragment.jwt',
  'form_post.jwt',
]

/** @returns whether the response carries a token, which must not stand in a query */
export function isFrontChannel(responseType: string): boolean {
  return words(responseType).some((word) => word === 'token' || word === 'id_token')
}

/** A token in a query ends up in logs; one in an encrypted or signed response would too. */
const IN_QUERY: ReadonlySet<string> = new Set(['query', 'query.jwt'])

/** @returns the mode that an answer, error or not, goes by; an unknown one falls back to the default and is refused later */
export function responseModeOf(asked: string | undefined, responseType: string): ResponseMode {
  const known = RESPONSE_MODES.find((mode) => mode === asked)
  const fallback = isFrontChannel(responseType) ? 'fragment' : 'query'
  if (known === undefined || (isFrontChannel(responseType) && IN_QUERY.has(known))) return fallback
  return known === 'jwt' ? `${fallback}.jwt` : known
}

/** Tokens must not stand in a query. @see OAuth 2.0 Multiple Response Type Encoding Practices, sections 2.1 and 3 */
export function checkResponseMode({ params, responseType }: AuthorizationRequest): Findings {
  const asked = params.get('response_mode')
  if (asked === undefined) return
  if (!RESPONSE_MODES.some((mode) => mode === asked)) throw new OAuthError('invalid_request', '"response_mode" is not supported')
  if (IN_QUERY.has(asked) && isFrontChannel(responseType)) {
    throw new OAuthError('invalid_request', '"response_mode" must not be a query for this "response_type"')
  }
}
