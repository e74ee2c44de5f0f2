import { createRequest, redeemResponse } from '../sign-in/authorization-flow.js'
import { RedirectGuard } from '../sign-in/redirect-guard.js'
import { createSignInSteps } from '../sign-in/sign-in-steps.js'
import { TransactionStore } from '../sign-in/transaction-store.js'
import { endKeyWithSession } from '../sign-out/end-dpop-key.js'
import { noteLocks } from '../storage/stale-record.js'
import { startBackgroundWork } from './background-work.js'
import type { ClientInternals, ServerCalls } from './internals.js'

// Bundlers make a file of each set of modules that are used by the same dynamic imports. A sign-in would fetch ten files, which compress
// worse than one. So each module in `chunks/` exports this function besides its own: then all dynamic imports of the client but the
// smallest use all of this code, and it stays in one file, which was loaded before.

const callsOf = new WeakMap<ClientInternals, ServerCalls>()

/** Wires what a client needs to sign a user in, once for each client. */
export function wireSignIn(client: ClientInternals): ServerCalls {
  const calls = callsOf.get(client) ?? createServerCalls(client)
  callsOf.set(client, calls)
  return calls
}

function createServerCalls(client: ClientInternals): ServerCalls {
  const { tab, environment } = client.config
  endKeyWithSession(client)
  noteLocks(client.storage, environment.locks)
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
    startBackgroundWork: (detached) => startBackgroundWork(server, detached),
  }
}
