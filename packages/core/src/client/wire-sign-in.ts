import { createRequest, redeemResponse } from '../sign-in/authorization-flow.js'
import { RedirectGuard } from '../sign-in/redirect-guard.js'
import { createSignInSteps } from '../sign-in/start.js'
import { TransactionStore } from '../sign-in/transaction-store.js'
import { endKeyWithSession } from '../sign-out/end-key-with-session.js'
import type { ClientInternals, ServerCalls } from './internals.js'

// The second part of the wiring: nothing that is only used after a sign-in, or after a failure, belongs here. `create-client.ts` has the
// first part, `session-calls.ts` the third, `rare-calls.ts` the rest.
//
// Bundlers make a file of each set of modules that are used by the same dynamic imports. A sign-in would fetch ten files, which compress
// worse than one. So each module in `chunks/` exports the function of this module besides its own: then all dynamic imports of the client
// but the smallest use all of this code, and it stays in one file, which was loaded before.

export { explainError } from '../errors/explain-error.js'
export { writeRecord } from '../storage/write-record.js'

const callsOf = new WeakMap<ClientInternals, ServerCalls>()

/** Wires what a client needs to sign a user in, once for each client. */
export function serverCallsOf(client: ClientInternals): ServerCalls {
  const calls = callsOf.get(client) ?? createServerCalls(client)
  callsOf.set(client, calls)
  return calls
}

function createServerCalls(client: ClientInternals): ServerCalls {
  const { tab, environment, options } = client.config
  // Now, so that a deployment that replaces the app's files does not take it away from an open page.
  if (options.transport === 'popup') client.loadRareCalls().catch(() => undefined)
  if (options.dpop) endKeyWithSession(client)
  const server = {
    ...client,
    transactions: new TransactionStore(client),
    redirects: new RedirectGuard(tab, environment.now),
  }
  const flow: ServerCalls['flow'] = {
    createRequest: (input, signal) => createRequest(server, input, signal),
    redeemResponse: (url, startedAt, isStrict) => redeemResponse(server, url, startedAt, isStrict),
  }
  return {
    ...createSignInSteps({ ...server, flow }),
    flow,
    transactions: server.transactions,
    redirects: server.redirects,
  }
}
