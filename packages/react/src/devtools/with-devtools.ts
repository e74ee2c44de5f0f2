import { type ClientOptions, ConfigurationError, type OAuthClient } from '@latchkey/core'
import { AUTHORIZATION_REQUEST, END_SESSION_REQUEST } from './message-catalog.js'
import { Recorder } from './recorder.js'

const recorders = new WeakMap<typeof fetch, Recorder>()

/**
 * Extends client options for the devtools: protocol messages are recorded from the first (credentials masked, in this tab only), and
 * `<OAuthDevtools>` can make the access token expire. For development only.
 *
 * @throws ConfigurationError configuration for options of OAuth 1.0a, whose messages are not recorded
 * @returns options for `createOAuthClient` or `<OAuthProvider>` that otherwise behave as before
 * @example
 * const options = import.meta.env.DEV ? withDevtools(settings) : settings
 */
export function withDevtools<Options extends ClientOptions<unknown>>(options: Options): Options {
  if ('consumerKey' in options) {
    throw new ConfigurationError('configuration', 'withDevtools() does not record the messages of OAuth 1.0a.', {
      hint: 'Pass the options to createOAuth1Client() as they are. <OAuthDevtools> shows the session of such a client.',
    })
  }
  if (options.fetch && recorders.has(options.fetch)) return options
  const recorder = new Recorder(options)
  const { fetch: send = (input, init) => globalThis.fetch(input, init), compliance } = options
  const recordingFetch: typeof fetch = (input, init) => recorder.send(new Request(input, init), send)
  recorders.set(recordingFetch, recorder)
  return {
    ...options,
    fetch: recordingFetch,
    now: () => recorder.now(),
    compliance: {
      ...compliance,
      authorizationRequest: async (url: URL) => {
        const request = (await compliance?.authorizationRequest?.(url)) ?? url
        await recorder.idTokens.noteRequest(request.searchParams)
        recorder.recordNavigation(AUTHORIZATION_REQUEST, request, request.searchParams)
        return request
      },
      endSessionRequest: async (url: URL) => {
        const request = (await compliance?.endSessionRequest?.(url)) ?? url
        recorder.recordNavigation(END_SESSION_REQUEST, request, request.searchParams)
        return request
      },
    },
  }
}

/** @returns undefined if the client's options did not go through `withDevtools` */
export function recorderOf(client: OAuthClient<unknown>): Recorder | undefined {
  return client.options.fetch && recorders.get(client.options.fetch)
}
