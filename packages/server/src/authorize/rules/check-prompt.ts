import { OAuthError } from '../../http/oauth-error.js'
import { words } from '../../token/scope.js'
import type { AuthorizationRequest, Findings } from '../authorization-request.js'

const KNOWN = new Set(['none', 'login', 'consent', 'select_account'])

/** Adds the prompts. `none` excludes all others. @see OpenID Connect Core 1.0, section 3.1.2.1 */
export function checkPrompt({ params }: AuthorizationRequest): Findings {
  const prompt = words(params.get('prompt'))
  if (prompt.some((word) => !KNOWN.has(word)))
    throw new OAuthError('invalid_request', '"prompt" has a value that is not supported')
  if (prompt.includes('none') && prompt.length > 1)
    throw new OAuthError('invalid_request', '"prompt" must not combine "none" with another value')

  return { prompt }
}
