// Every test that SECURITY.md names exists, with exactly that title, and is not skipped.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readTestTitles } from '../gate/test-titles.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const proofs = [...readFileSync(`${root}SECURITY.md`, 'utf8').matchAll(/`((?:packages|test)\/[^`]+)` › ([^|]+?) \|/g)].map(
  ([, file = '', title = '']) => [file, title] as const,
)

describe('SECURITY.md', () => {
  it('names tests', () => {
    expect(proofs.length).toBeGreaterThan(15)
  })

  it.each(proofs)('%s › %s', (file, title) => {
    expect(existsSync(root + file)).toBe(true)
    expect(readTestTitles(file, readFileSync(root + file, 'utf8')).titles).toContain(title)
  })
})
