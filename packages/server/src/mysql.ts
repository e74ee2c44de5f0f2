export { mysqlStore, type MysqlPool, type MysqlStoreOptions } from './storage/mysql-store.js'
export type { ConnectedStore } from './storage/connected-store.js'
export type { SqlStoreOptions, SqlValue } from './storage/sql-store.js'
