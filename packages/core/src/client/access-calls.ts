import { createAuthedFetch } from '../fetch/authed-fetch.js'
import type { StepUpRequest } from '../fetch/answer-challenge.js'
import { CALLS_APIS } from '../fetch/deferred-fetch.js'
import { resourceListOf } from '../fetch/resource-list.js'
import { Refresher } from '../refresh/refresher.js'
import type { ClientInternals, AccessCalls } from './internals.js'

// The wiring of what a call with a token needs, apart from the initial bundle: it is loaded while the stored session is read, and a page
// that calls no API does not wait for it. `create-client.ts` has the first part of the wiring.

const callsOf = new WeakMap<ClientInternals, AccessCalls>()

/** Wires what a client needs to use its tokens, once for each client. */
export function accessCallsOf(client: ClientInternals): AccessCalls {
  const calls = callsOf.get(client) ?? createAccessCalls(client)
  callsOf.set(client, calls)
  return calls
}

function createAccessCalls(client: ClientInternals): AccessCalls {
  const { config, context, events, session, signIn, sessionCalls, restored, resources, apiFetch, loadSessionCalls } = client
  const { stepUp: transport } = config.options
  const refresher = new Refresher({ leewaySeconds: config.leewaySeconds, session, context, events, load: sessionCalls })
  const parts = {
    context,
    fetch: apiFetch,
    resources: resourceListOf(resources),
    tokenSet: () => session.state.tokenSet,
    stepUp: transport && ((request: StepUpRequest) => signIn.login({ ...request, transport })),
    sessionSignal: () => session.signal,
    load: loadSessionCalls,
  }
  return {
    refresher,
    accessToken: (options, { signal }) => restored().then(() => refresher.accessToken(options, signal)),
    createFetch(accessToken) {
      // The next page of this tab will call an API again, see `createLifecycle`.
      config.tab.set(CALLS_APIS, true)
      // Another source of tokens decides by itself.
      return createAuthedFetch({
        ...parts,
        accessToken: (options) => (accessToken === client.accessToken && refresher.presentToken(options)) || accessToken(options),
      })
    },
  }
}
