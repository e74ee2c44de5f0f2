export { memcachedStore, type MemcachedStoreOptions } from './storage/memcached-store.js'
export type { ConnectedStore } from './storage/connected-store.js'
