export { sqliteStore, type SqliteStoreOptions } from './storage/sqlite-store.js'
export type { ConnectedStore } from './storage/connected-store.js'
