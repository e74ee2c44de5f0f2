import type { ClientOptions, OAuthClient } from '@latchkey/core'
import { AUTHORIZATION_REQUEST } from './message-catalog.js'
import { Recorder } from './recorder.js'

const recorders = new WeakMap<typeof fetch, Recorder>()

/**
 * Client options whose client can be looked into: its protocol messages are written down from the first on (credentials masked, in
 * this tab alone), and its token can be made to expire. For development: leave it out of a production build.
 *
 * @returns options for `createOAuthClient` or `<OAuthProvider>` that do what the given ones do
 * @example
 * const options = import.meta.env.DEV ? withDevtools(settings) : settings
 */
export function withDevtools<Options extends ClientOptions<unknown>>(options: Options): Options {
  const recorder = new Recorder(options.clientId, options.server)
  const { now = Date.now, fetch: send = (input, init) => globalThis.fetch(input, init), compliance } = options
  const recordingFetch: typeof fetch = (input, init) => recorder.exchange(new Request(input, init), send)
  recorders.set(recordingFetch, recorder)
  return {
    ...options,
    fetch: recordingFetch,
    now: () => now() + recorder.aheadMs,
    compliance: {
      ...compliance,
      authorizationRequest: async (url: URL) => {
        const request = (await compliance?.authorizationRequest?.(url)) ?? url
        recorder.note(AUTHORIZATION_REQUEST, request, request.searchParams)
        return request
      },
    },
  }
}

/** @returns undefined for a client whose options did not go through `withDevtools` */
export function recorderOf(client: OAuthClient<unknown>): Recorder | undefined {
  return client.options.fetch && recorders.get(client.options.fetch)
}
