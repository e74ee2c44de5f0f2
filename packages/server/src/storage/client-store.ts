import { checkClientRecord } from './check-client-record.js'
import type { AtomicStore } from './atomic-store.js'
import type { ClientRecord } from './client-record.js'

/** Stores clients. Saving and deleting are only needed for registration. */
export interface ClientStore {
  /** Returns the client; undefined if there is none with this id. */
  findClient(clientId: string): Promise<ClientRecord | undefined>
  /** Adds or replaces a client. */
  saveClient?(client: ClientRecord): Promise<void>
  /** Deletes a client. */
  deleteClient?(clientId: string): Promise<void>
}

/** The clients of a server: those of the store, and those that features find. */
export interface KnownClients extends ClientStore {
  /** Returns why there is no client with this id, in printable ASCII, for the description of the error. */
  explainUnknown?(clientId: string): string | undefined
}

/** Creates a store over a fixed list. Throws a TypeError for a repeated id or an invalid member. */
export function clientList(clients: readonly ClientRecord[]): ClientStore {
  const byId = new Map<string, ClientRecord>()
  for (const client of clients) {
    checkClientRecord(client)
    if (byId.has(client.clientId)) throw new TypeError(`clients: "${client.clientId}" is listed twice`)
    byId.set(client.clientId, client)
  }
  return { findClient: (clientId) => Promise.resolve(byId.get(clientId)) }
}

/** Creates a store that clients can be added to, over any key-value store. */
export function clientStore(store: AtomicStore): Required<ClientStore> {
  return {
    findClient: (clientId) => store.get<ClientRecord>(key(clientId)),
    saveClient: (client) => store.set(key(client.clientId), client),
    deleteClient: (clientId) => store.delete(key(clientId)),
  }
}

function key(clientId: string): string {
  return `client:${encodeURIComponent(clientId)}`
}
