import {
  processUserInfoResponse,
  skipSubjectCheck,
  type WWWAuthenticateChallenge,
  WWWAuthenticateChallengeError,
} from 'oauth4webapi'

/** The parser takes quadratic time, so a longer header is ignored. No real one comes near it. */
const MAX_LENGTH = 8192
const NAME = 'www-authenticate'

/**
 * Reads the challenges in `WWW-Authenticate`; none if the header is absent or hidden from the browser
 * (`Access-Control-Expose-Headers`). Does not read the response's body.
 *
 * oauth4webapi parses challenges only in the responses that it processes, so it gets this one as a UserInfo response.
 *
 * @see RFC 9110, section 11.6.1
 */
export async function readChallenges({ headers }: Response): Promise<readonly WWWAuthenticateChallenge[]> {
  if (isTooLong(headers)) return []
  try {
    // It reads the challenges first.
    const response = new Response(null, { status: 401, headers })
    await processUserInfoResponse({ issuer: 'https://-/' }, { client_id: '-' }, skipSubjectCheck, response)
    return []
  } catch (error) {
    return error instanceof WWWAuthenticateChallengeError ? error.cause : []
  }
}

function isTooLong(headers: Headers): boolean {
  return (headers.get(NAME)?.length ?? 0) > MAX_LENGTH
}
