// Every test that SECURITY.md names exists, with exactly that title, and is not skipped.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readTestTitles } from '../gate/test-titles.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const proofs = [...readFileSync(`${root}SECURITY.md`, 'utf8').matchAll(/`((?:packages|test)\/[^`]+)` › ([^|]+?) \|/g)].map(
  ([, file = '', title = '']) => [file, title] as const,
)

const titlesOf = new Map<string, readonly string[]>()

/** Many rows name the same file: each is parsed once. */
function readTitles(file: string): readonly string[] {
  const titles = titlesOf.get(file) ?? readTestTitles(file, readFileSync(root + file, 'utf8')).titles
  titlesOf.set(file, titles)
  return titles
}

describe('SECURITY.md', () => {
  it('names tests', () => {
    expect(proofs.length).toBeGreaterThan(15)
  })

  it.each(proofs)('%s › %s', (file, title) => {
    expect(existsSync(root + file)).toBe(true)
    expect(readTitles(file)).toContain(title)
  })
})
