import { OAuthError } from '../oauth-error.js'
import { words, type AuthorizationRequest, type Findings, type ResponseMode } from './authorization-request.js'

export const RESPONSE_MODES: readonly ResponseMode[] = ['query', 'fragment']

/** @returns whether the response carries a token, which must not stand in a query */
export function isFrontChannel(responseType: string): boolean {
  return words(responseType).some((word) => word === 'token' || word === 'id_token')
}

/** @returns the mode that an answer, error or not, goes by; an unknown one falls back to the default and is refused later */
export function responseModeOf(asked: string | undefined, responseType: string): ResponseMode {
  const known = RESPONSE_MODES.find((mode) => mode === asked)
  if (isFrontChannel(responseType)) return known === undefined || known === 'query' ? 'fragment' : known
  return known ?? 'query'
}

/** Tokens must not stand in a query. @see OAuth 2.0 Multiple Response Type Encoding Practices, sections 2.1 and 3 */
export function checkResponseMode({ params, responseType }: AuthorizationRequest): Findings {
  const asked = params.get('response_mode')
  if (asked === undefined) return
  if (!RESPONSE_MODES.some((mode) => mode === asked)) throw new OAuthError('invalid_request', '"response_mode" is not supported')
  if (asked === 'query' && isFrontChannel(responseType)) {
    throw new OAuthError('invalid_request', '"response_mode" must not be "query" for this "response_type"')
  }
}
