import type { ChallengeParameters, ProtocolLoaders } from './protocol-context.js'

/**
 * @param load loads the parser of challenges
 * @returns the parameters of the first challenge of a response that names an `error`
 */
export async function readChallengeError(
  load: ProtocolLoaders['oauth4webapi'],
  response: Response,
): Promise<ChallengeParameters | undefined> {
  if (!response.headers.has('www-authenticate')) return undefined
  const { readChallenges } = await load()
  const challenges = await readChallenges(response)
  return challenges.find(({ parameters }) => parameters.error !== undefined)?.parameters
}
