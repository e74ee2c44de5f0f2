import { describe, expect, it } from 'vitest'
import { prepareStatements } from './prepare-statements.js'

interface Sent {
  readonly name: string
  readonly text: string
  readonly values: number[]
}

function pool(codes: readonly string[]): { readonly sent: Sent[]; query(statement: Sent): Promise<string> } {
  const sent: Sent[] = []
  return {
    sent,
    query(statement) {
      const code = codes[sent.push(statement) - 1]
      return code ? Promise.reject(Object.assign(new Error('refused'), { code })) : Promise.resolve('done')
    },
  }
}

describe('prepareStatements()', () => {
  it('gives each statement a name that another text never has', async () => {
    const fake = pool([])
    const run = prepareStatements(fake)
    await run('SELECT $1', [1])
    await run('SELECT $1', [2])
    await run('SELECT $1 + 1', [3])
    const names = fake.sent.map(({ name }) => name)
    expect(names[0]).toBe(names[1])
    expect(new Set(names).size).toBe(2)
    // PostgreSQL cuts longer ones off.
    expect(names.every((name) => name.length < 64)).toBe(true)
  })

  it.each(['26000', '42P05'])('repeats a statement without a name after %s, and gives no name from then on', async (code) => {
    const fake = pool([code])
    const run = prepareStatements(fake)
    expect(await run('SELECT $1', [1])).toBe('done')
    await run('SELECT $1', [2])
    expect(fake.sent.map(({ name, values }) => [name !== '', values[0]])).toEqual([
      [true, 1],
      [false, 1],
      [false, 2],
    ])
  })

  it('repeats nothing after another error, which may have changed rows', async () => {
    const fake = pool(['57014'])
    await expect(prepareStatements(fake)('INSERT …', [1])).rejects.toThrow('refused')
    expect(fake.sent).toHaveLength(1)
  })
})
