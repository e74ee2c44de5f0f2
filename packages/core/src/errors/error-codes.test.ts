import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CODE_TEXTS } from './code-texts.js'
import { createError } from './create-error.js'
import type { ErrorCode } from './error-codes.js'

const codes = Object.keys(CODE_TEXTS) as ErrorCode[]

describe('the texts of error codes', () => {
  it.each(codes)('names the class that createError() makes for %s', (code) => {
    expect(createError(code).name).toBe(CODE_TEXTS[code].class)
  })

  it.each(codes)('has whole sentences for %s', (code) => {
    const { message, check, hint } = CODE_TEXTS[code]
    for (const text of [message, check, hint]) expect(text).toMatch(/^\S.*[.}]$/s)
  })

  it('has exactly one row per code in the README', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    const rows = [...(readme.split('## Errors')[1] ?? '').matchAll(/^\| `(\w+)` \|/gm)].map(([, code = '']) => code)
    expect(new Set(rows)).toEqual(new Set(codes))
    expect(rows).toHaveLength(codes.length)
  })
})
