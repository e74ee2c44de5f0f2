import { createError } from '../errors/create-error.js'

/**
 * Throws for options that do nothing with a worker. The types leave them out, but an app may pass on the options of another client.
 *
 * @param elsewhere options of the other thread
 * @throws ConfigurationError unsupported
 */
export function refuseWithoutEffect(options: object, elsewhere: readonly string[] = []): void {
  const given = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  const [unsupported] = given.filter((name) => name === 'stepUp' || name === 'offlineGrace')
  if (unsupported !== undefined) {
    throw createError('unsupported', `"${unsupported}" does nothing if the tokens are in a worker.`, {
      hint:
        unsupported === 'stepUp'
          ? 'Remove it. Call login({ acrValues, maxAge }) in the page when the API responds "insufficient_user_authentication", and send the request again.'
          : 'Remove it. The session is shown for as long as the page is open, or use createOAuthClient() in the page.',
    })
  }
  const [misplaced] = given.filter((name) => elsewhere.includes(name))
  if (misplaced === undefined) return
  throw createError('unsupported', `"${misplaced}" does nothing in serveClient(): the page goes to the authorization server.`, {
    hint: 'Pass it to workerClient() in the page.',
  })
}
