import { createError } from '@latchkey/core/internals'
import type { CallingClient } from './calling-client.js'
import { credentialsOf } from './credentials.js'
import { loadRareCalls } from './lazy-rare.js'
import { requestTemporary, requestToken } from './legs.js'
import { problem } from './load-problems.js'
import type { OAuth1Client } from './oauth1-client.js'
import { createSignedFetch } from './signed-fetch.js'

/** Names of the calls that are in the lazy chunk. */
export type CallName =
  | 'fetch'
  | 'userInfo'
  | 'getAccessToken'
  | 'refresh'
  | 'revoke'
  | 'introspect'
  | 'temporaryCredentials'
  | 'tokenCredentials'

/** The calls of a client, but for those that every client has. */
export type OAuth1Calls = {
  readonly [Name in CallName]: (client: CallingClient, ...given: Parameters<OAuth1Client[Name]>) => ReturnType<OAuth1Client[Name]>
}

const signedFetch: OAuth1Calls['fetch'] = ({ config, parts: { restored, session } }, ...request) => {
  const { token } = config.options
  const credentials = async () => (token === undefined ? restored().then(() => credentialsOf(session.state.tokenSet)) : token)
  return createSignedFetch(config, credentials, () => session.signal)(...request)
}

const unsupported = async (): Promise<never> => {
  throw await problem('unsupported')
}

/** Each call as it is made once this chunk is loaded. */
export const calls: OAuth1Calls = {
  fetch: signedFetch,
  userInfo: async (client) => (await loadRareCalls()).userInfo(client, (...request) => signedFetch(client, ...request)),
  // OAuth 1.0a has no such requests, and no token that can be used without a signature.
  getAccessToken: unsupported,
  refresh: unsupported,
  revoke: unsupported,
  introspect: unsupported,
  temporaryCredentials: ({ config }, options = {}) => requestTemporary(config, options),
  async tokenCredentials({ config, parts, moment }, credentials, verifier, { signal } = {}) {
    // A code that was copied, or a PIN as a number.
    const request = { credentials, verifier: [verifier].join('').trim(), moment, signal }
    const result = await requestToken(config, parts, request)
    if (!result) throw createError('missing_token')
    return result.tokenSet
  },
}
