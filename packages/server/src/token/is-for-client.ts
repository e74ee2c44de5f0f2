import type { TokenRecord } from '../storage/access-token-store.js'
import type { ClientRecord } from '../storage/client-record.js'

/** Tells whether a token was issued to a client, or has it as an audience: by its `clientId`, or a resource that it serves. */
export function isForClient({ clientId, resources = [] }: TokenRecord, client: ClientRecord): boolean {
  const names = [client.clientId, ...(client.servedResources ?? [])]
  return clientId === client.clientId || resources.some((resource) => names.includes(resource))
}
