import { OAuthError } from '../../http/oauth-error.js'
import { words, type AuthorizationRequest, type Findings } from '../authorization-request.js'

const KNOWN = new Set(['none', 'login', 'consent', 'select_account'])

/** @returns the prompts, of which `none` stands alone. @see OpenID Connect Core 1.0, section 3.1.2.1 */
export function checkPrompt({ params }: AuthorizationRequest): Findings {
  const prompt = words(params.get('prompt'))
  if (prompt.some((word) => !KNOWN.has(word)))
    throw new OAuthError('invalid_request', '"prompt" has a value that is not supported')
  if (prompt.includes('none') && prompt.length > 1) {
    throw new OAuthError('invalid_request', '"prompt" must not have "none" together with another value')
  }
  return { prompt }
}
