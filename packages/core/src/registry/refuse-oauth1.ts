// cspell:ignore consumerkey consumersecret requesttokenurl requesttokenparams tokencredentialsurl signaturemethod temporarycredentialsurl
import { createError } from '../errors/create-error.js'

/** Options of OAuth 1.0a, here and in other libraries, in lower case without underscores. */
const OF_OAUTH1 = new Set([
  'consumerkey',
  'consumersecret',
  'requesttokenurl',
  'requesttokenparams',
  'temporarycredentialsurl',
  'tokencredentialsurl',
  'signaturemethod',
])

/**
 * Refuses an entry of OAuth 1.0a: that protocol is chosen by a function, not by the presence of an option.
 *
 * @throws ConfigurationError configuration
 */
export function refuseOAuth1(name: string, entry: object): void {
  const [option] =
    Object.entries(entry).find(([key, value]) => value !== undefined && OF_OAUTH1.has(key.replaceAll('_', '').toLowerCase())) ??
    []
  if (option === undefined) return
  throw createError('configuration', `The entry "${name}" has no option "${option}", which belongs to OAuth 1.0a.`, {
    hint: 'Create the entry with oauth1Entry({ consumerKey, … }) of @latchkey/oauth1.',
  })
}
