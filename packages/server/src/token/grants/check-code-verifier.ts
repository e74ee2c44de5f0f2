import { OAuthError } from '../../http/oauth-error.js'
import { digest, isSameSecret } from '../../storage/digest.js'

interface Challenge {
  readonly codeChallenge?: string | undefined
  readonly codeChallengeMethod?: string | undefined
}

/** code-verifier = 43*128unreserved. @see RFC 7636, section 4.1 */
const VERIFIER_SYNTAX = /^[A-Za-z0-9\-._~]{43,128}$/

/** Throws OAuthError `invalid_grant` if the verifier does not match the challenge. @see RFC 7636, section 4.6 */
export async function checkCodeVerifier(verifier: string | undefined, challenge: Challenge): Promise<void> {
  if (challenge.codeChallenge === undefined) {
    if (verifier === undefined) return
    // RFC 9700, section 4.8.2: a verifier without a challenge means that an attacker removed the challenge from the request.
    throw new OAuthError('invalid_grant', '"code_verifier" was sent, but the authorization request had no "code_challenge"')
  }
  if (verifier === undefined) throw new OAuthError('invalid_grant', '"code_verifier" is missing')
  if (!VERIFIER_SYNTAX.test(verifier))
    throw new OAuthError('invalid_grant', '"code_verifier" must be 43 to 128 unreserved characters')
  const computed = challenge.codeChallengeMethod === 'plain' ? verifier : await digest(verifier)
  if (await isSameSecret(computed, challenge.codeChallenge)) return
  throw new OAuthError('invalid_grant', '"code_verifier" does not match the "code_challenge"')
}
