// Every proof that SECURITY.md names is a test that exists.
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const proofs = [...readFileSync(`${root}SECURITY.md`, 'utf8').matchAll(/`((?:packages|test)\/[^`]+)` › ([^|]+?) \|/g)].map(
  ([, file = '', title = '']) => [file, title] as const,
)

describe('SECURITY.md', () => {
  it('names proofs', () => {
    expect(proofs.length).toBeGreaterThan(15)
  })

  it.each(proofs)('%s › %s', (file, title) => {
    expect(existsSync(root + file)).toBe(true)
    expect(readFileSync(root + file, 'utf8')).toContain(title)
  })
})
