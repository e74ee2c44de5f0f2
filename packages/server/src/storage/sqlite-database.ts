/** A value that is stored or compared. */
export type SqliteValue = string | number | null

/** The operations of SQLite that the store needs, independent of the build. */
export interface SqliteDatabase {
  /** Runs a statement and returns the number of changed rows. */
  run(sql: string, parameters: readonly SqliteValue[]): number
  get(sql: string, parameters: readonly SqliteValue[]): Readonly<Record<string, unknown>> | undefined
  close(): void
}
