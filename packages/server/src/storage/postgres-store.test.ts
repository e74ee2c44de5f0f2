import { expect, it } from 'vitest'
import { type PostgresPool, postgresStore } from './postgres-store.js'

it('runs further statements of a host’s own pool while others never end', async () => {
  const statements: string[] = []
  const pool: PostgresPool = {
    // The database is reached for the table, and never responds to a read.
    query: async (sql) => {
      if (sql.includes('to_regclass')) return { rows: [{ table: 'entries', index: 'entries_expires_at' }], rowCount: 1 }
      statements.push(sql)
      return new Promise(() => undefined)
    },
    on: () => undefined,
    end: async () => undefined,
  }
  const store = postgresStore({ postgres: pool })
  for (let read = 1; read <= 3; read += 1) {
    void store.get(`key-${read}`).catch(() => undefined)
    await expect.poll(() => statements).toHaveLength(read)
  }
})
