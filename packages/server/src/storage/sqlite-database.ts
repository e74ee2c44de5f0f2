/** A value that is stored or compared. */
export type SqliteValue = string | number | null

/** The operations of SQLite that the store needs, independent of the build. */
export interface SqliteDatabase {
  /** Whether a read locks the file, so that reads in one transaction cost less. */
  readonly locksToRead: boolean
  /** Runs a statement and returns the number of changed rows. */
  run(sql: string, parameters: readonly SqliteValue[]): number
  get(sql: string, parameters: readonly SqliteValue[]): Readonly<Record<string, unknown>> | undefined
  close(): void
}
