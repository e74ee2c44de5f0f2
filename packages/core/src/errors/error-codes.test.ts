import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ERROR_CATALOG } from './catalog.js'
import { createError } from './create-error.js'
import type { ErrorCode } from './error-codes.js'

const codes = Object.keys(ERROR_CATALOG) as ErrorCode[]

describe('the error catalog', () => {
  it.each(codes)('names the class that createError() makes for %s', (code) => {
    expect(createError(code).name).toBe(ERROR_CATALOG[code].class)
  })

  it.each(codes)('has whole sentences for %s', (code) => {
    const { message, check, hint } = ERROR_CATALOG[code]
    for (const text of [message, check, hint]) expect(text).toMatch(/^\S.*[.}]$/s)
  })

  it('has exactly one row per code in the README', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const rows = [...(readme.split('## Errors')[1] ?? '').matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code)
    expect(rows.toSorted()).toEqual(codes.toSorted())
  })
})
