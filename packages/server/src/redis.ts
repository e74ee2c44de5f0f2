export { redisStore, type RedisStoreOptions } from './storage/redis-store.js'
export type { ConnectedStore } from './storage/connected-store.js'
