import { findBuiltInSqlite, openBuiltInSqlite } from './built-in-sqlite.js'
import type { SqliteDatabase } from './sqlite-database.js'
import { openWasmSqlite } from './wasm-sqlite.js'

/**
 * Opens a file with the SQLite of Node 22.13 and later, or with a WebAssembly build on older versions. Neither needs a compiler.
 * The two lock a file in different ways, so all processes that share a file must use the same one.
 */
export async function openSqlite(file: string): Promise<SqliteDatabase> {
  const builtIn = findBuiltInSqlite()
  return builtIn ? openBuiltInSqlite(builtIn, file) : openWasmSqlite(file)
}
