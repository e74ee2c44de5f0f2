import { OAuthError } from '../../http/oauth-error.js'
import { digest, isSameSecret } from '../../storage/digest.js'

interface Challenge {
  readonly codeChallenge?: string
  readonly codeChallengeMethod?: string
}

/** code-verifier = 43*128unreserved. @see RFC 7636, section 4.1 */
const VERIFIER_SYNTAX = /^[A-Za-z0-9\-._~]{43,128}$/

/** @throws OAuthError `invalid_grant` where the verifier does not fit the challenge. @see RFC 7636, section 4.6 */
export async function checkCodeVerifier(verifier: string | undefined, challenge: Challenge): Promise<void> {
  if (challenge.codeChallenge === undefined) {
    if (verifier === undefined) return
    // RFC 9700, section 4.8.2: a verifier without a challenge means that someone stripped the challenge off the request.
    throw new OAuthError('invalid_grant', '"code_verifier" was sent, but the authorization request had no "code_challenge"')
  }
  if (verifier === undefined) throw new OAuthError('invalid_grant', '"code_verifier" is missing')
  if (!VERIFIER_SYNTAX.test(verifier)) {
    throw new OAuthError('invalid_grant', '"code_verifier" must be 43 to 128 unreserved characters')
  }
  const computed = challenge.codeChallengeMethod === 'plain' ? verifier : await digest(verifier)
  if (await isSameSecret(computed, challenge.codeChallenge)) return
  throw new OAuthError('invalid_grant', '"code_verifier" does not fit the "code_challenge"')
}
