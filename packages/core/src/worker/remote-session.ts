import type { ClientEvents } from '../client/events.js'
import { explain, pageLoaders } from '../client/page-loaders.js'
import type { ClientConfig } from '../client/resolve-options.js'
import type { Emitter } from '../platform/emitter.js'
import { Session } from '../session/session.js'
import type { SessionEvent } from '../session/session-state.js'
import { type ClientWorker, connectWorker } from './connect-worker.js'
import type { RpcPort } from './rpc-port.js'
import { deserializeError } from './serialized-error.js'
import type { Redacted, WorkerApi } from './worker-api.js'

const nothing = async (): Promise<undefined> => undefined

/** Connects to the worker and creates the page's session, which applies the events of the session in the worker. */
export function connectSession(
  worker: ClientWorker,
  config: ClientConfig,
  events: Emitter<ClientEvents>,
): { readonly rpc: RpcPort<WorkerApi>; readonly session: Session } {
  const rpc = connectWorker(worker, config, {
    dispatch(event) {
      // The page's own start shows the user as signed out, when no silent sign-in has found a session.
      if (event.type !== 'restored' || event.tokenSet) session.dispatch(withError(event) as SessionEvent)
    },
    emit: ({ name, event }) => events.emit(name, withError(event) as never),
  })
  // The record is in the worker. A read makes the worker read it; the events that result arrive before the response.
  const read = async (): Promise<undefined> => {
    await rpc.call('start', undefined).catch(async (cause: unknown) => session.fail(await explain(cause)))
    return undefined
  }
  const parts = { options: {}, key: '', sendToTabs: () => undefined, explain, loadRareCalls: pageLoaders.claims }
  const session = new Session({ ...parts, records: { read, write: nothing, take: nothing }, events })
  return { rpc, session }
}

function withError({ error, ...event }: Redacted<object>): object {
  return { ...event, error: error && deserializeError(error) }
}
