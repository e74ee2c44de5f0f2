import { findOtherSpelling } from '../options/find-similar.js'
import { checkForSecret, checkSecret, CLIENT_MEMBERS } from './check-client-record.js'
import type { ClientRecord } from './client-record.js'
import type { ClientStore } from './client-store.js'
import { isUsableText } from './usable-text.js'

/**
 * Returns the host's store, whose records are checked when they are used. A record under another id than the requested one is unknown:
 * many databases compare text without case. Its members may be the host's, but not another spelling of those that the server reads.
 */
export function checkedClients(store: ClientStore): ClientStore {
  return {
    async findClient(clientId) {
      // An id has visible characters (RFC 6749, appendix A.1), and a database may refuse others.
      if (!isUsableText(clientId)) return undefined
      const client = (await store.findClient(clientId)) ?? undefined
      if (client?.clientId !== clientId) return undefined
      checkSpelling(client)
      checkForSecret(client)
      checkSecret(client)
      return client
    },
    ...(store.saveClient && { saveClient: (client) => store.saveClient?.(client) ?? Promise.resolve() }),
    ...(store.deleteClient && { deleteClient: (clientId) => store.deleteClient?.(clientId) ?? Promise.resolve() }),
  }
}

/** A client whose `client_secret` is not read would be a public one. @see RFC 6749, section 2.3 */
function checkSpelling(client: ClientRecord): void {
  for (const [name, value] of Object.entries(client)) {
    if (value === undefined || value === null || CLIENT_MEMBERS.has(name)) continue
    const known = findOtherSpelling(name, CLIENT_MEMBERS)
    if (known !== undefined && client[known] === undefined)
      throw new TypeError(`clients: "${name}" of "${client.clientId}" is unknown. Did you mean "${known}"?`)
  }
}
