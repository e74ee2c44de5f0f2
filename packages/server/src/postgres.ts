export { postgresStore, type PostgresPool, type PostgresStoreOptions } from './storage/postgres-store.js'
export type { ConnectedStore } from './storage/connected-store.js'
export type { SqlStoreOptions, SqlValue } from './storage/sql-store.js'
