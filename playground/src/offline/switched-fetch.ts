import { neverSend, responding } from '../faults/alteration.js'
import { createLoggingFetch, experimentFetch } from '../network-log/logging-fetch.js'

/** What the client gets for its requests. */
export type NetworkState = 'on' | 'off' | 'busy'

const fetches: Readonly<Record<NetworkState, typeof fetch>> = {
  on: experimentFetch,
  off: createLoggingFetch('experiment', { role: 'any', note: 'The network is off.', respond: neverSend }),
  busy: createLoggingFetch('experiment', {
    role: 'any',
    note: 'The server did not receive the request.',
    respond: responding(() => new Response('busy', { status: 503, headers: { 'retry-after': '2' } })),
  }),
}

/** Creates the `fetch` of a client whose network the user switches. @param state is read at each request */
export function switchedFetch(state: () => NetworkState): typeof fetch {
  return (input, init) => fetches[state()](input, init)
}
