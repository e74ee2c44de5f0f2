import { isPublic } from '../../token/grants/client-may.js'
import { OAuthError } from '../../http/oauth-error.js'
import { words } from '../../token/scope.js'
import type { AuthorizationRequest, Findings } from '../authorization-request.js'

/** For S256 the base64url SHA-256 of the verifier; for plain the verifier itself. @see RFC 7636, section 4.2 */
const CHALLENGE_SYNTAX = /^[A-Za-z0-9\-._~]{43,128}$/

/** Binds the code to the client instance that requested it. Public clients must use PKCE. @see RFC 7636, section 4.4.1 */
export function checkPkce(request: AuthorizationRequest): Findings {
  if (words(request.responseType).includes('code')) checkCodeChallenge(request)
}

/** Checks the challenge of a request that gets a code. Throws OAuthError `invalid_request`. */
export function checkCodeChallenge(request: AuthorizationRequest): void {
  const challenge = request.params.get('code_challenge')
  if (challenge === undefined) checkIsOptional(request)
  else checkChallenge(challenge, request)
}

function checkIsOptional({ params, client, grant }: AuthorizationRequest): void {
  if (params.get('code_challenge_method') !== undefined)
    throw new OAuthError('invalid_request', '"code_challenge_method" needs "code_challenge"')

  if (isPublic(client) || grant?.code?.requirePkce)
    throw new OAuthError('invalid_request', '"code_challenge" is missing: PKCE is required')
}

function checkChallenge(challenge: string, { params, grant }: AuthorizationRequest): void {
  // RFC 7636, section 4.3: the default method is plain.
  const method = params.get('code_challenge_method') ?? 'plain'
  if (method !== 'S256' && !(grant?.code?.allowPlain && method === 'plain'))
    throw new OAuthError('invalid_request', '"code_challenge_method" must be "S256"')

  const isWellFormed = CHALLENGE_SYNTAX.test(challenge) && (method !== 'S256' || challenge.length === 43)
  if (!isWellFormed) throw new OAuthError('invalid_request', '"code_challenge" must be the base64url SHA-256 of the verifier')
}
