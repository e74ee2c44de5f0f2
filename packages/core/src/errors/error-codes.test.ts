import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

describe('the table of error codes in the README', () => {
  it('has a row for every code, and none for a code that is not there', () => {
    const union = read('./errors.ts').split('export type ErrorCode')[1]?.split('/** What an')[0] ?? ''
    const codes = [...union.matchAll(/\| '(\w+)'/g)].map(([, code]) => code)
    const table = read('../../README.md').split('## Errors')[1] ?? ''
    const rows = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code)
    expect(codes.length).toBeGreaterThan(30)
    expect(rows.toSorted()).toEqual(codes.toSorted())
  })
})
