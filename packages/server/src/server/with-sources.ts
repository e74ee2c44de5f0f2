import type { ClientSource, FeatureServer } from '../features/feature.js'
import { checkedClients } from '../storage/checked-clients.js'
import type { ClientStore, KnownClients } from '../storage/client-store.js'

/** Returns the store with the clients of features: those of the store first, then those of each source. */
export function withSources(store: ClientStore, sources: readonly ClientSource[], server: () => FeatureServer): KnownClients {
  if (sources.length === 0) return store
  const found = checkedClients({
    async findClient(clientId) {
      for (const source of sources) {
        const client = await source.find(clientId, server())
        if (client) return client
      }
      return undefined
    },
  })
  return {
    ...store,
    findClient: async (clientId) => (await store.findClient(clientId)) ?? found.findClient(clientId),
    explainUnknown(clientId) {
      const texts = sources.map((source) => source.explainUnknown?.(clientId, server()))
      return texts.find((text) => text !== undefined)
    },
  }
}
