import { WWWAuthenticateChallengeError, customFetch, protectedResourceRequest } from 'oauth4webapi'
import type { WWWAuthenticateChallenge } from 'oauth4webapi'

/**
 * What a resource says in `WWW-Authenticate`, challenge by challenge; nothing where it says nothing, or a browser does not let it be
 * read (`Access-Control-Expose-Headers`). The response's body is left unread.
 *
 * oauth4webapi parses the challenges of a response that it has asked for itself: it is handed this one.
 *
 * @see RFC 9110, section 11.6.1
 */
export async function readChallenges({ status, headers }: Response): Promise<readonly WWWAuthenticateChallenge[]> {
  try {
    await protectedResourceRequest('-', 'GET', new URL('https://resource.invalid/'), undefined, undefined, {
      [customFetch]: async () => new Response(null, { status, headers }),
    })
    return []
  } catch (error) {
    return error instanceof WWWAuthenticateChallengeError ? error.cause : []
  }
}

/** @returns the parameters of the first challenge that names an `error` */
export function errorIn(challenges: readonly WWWAuthenticateChallenge[]): WWWAuthenticateChallenge['parameters'] | undefined {
  return challenges.find(({ parameters }) => parameters.error !== undefined)?.parameters
}
