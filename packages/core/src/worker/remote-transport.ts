import type { Transport } from '../sign-in/transports/transport.js'
import type { TripRequest } from './messages.js'

/** In the worker: the page makes the trip, by whatever transport it chose. */
export function remoteTransport(name: string, travel: (request: TripRequest) => Promise<string | undefined>): Transport {
  return {
    name,
    prepare: () => ({
      async navigate({ url, state, redirectUri }) {
        const callbackUrl = await travel({ url: url.href, state, redirectUri })
        return callbackUrl === undefined ? undefined : new URL(callbackUrl)
      },
      cancel: () => undefined,
    }),
  }
}
