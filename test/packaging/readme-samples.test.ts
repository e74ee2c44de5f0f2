// What the samples of the README files do in an app that is developed with hot updates.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pages = ['README.md', ...readdirSync(`${root}packages`).map((name) => `packages/${name}/README.md`)]
const samples = pages
  .filter((page) => existsSync(root + page))
  .flatMap((page) =>
    [...readFileSync(root + page, 'utf8').matchAll(/^```[jt]sx?[^\n]*\n(.*?)^```$/gms)].map(
      ([, code = '']) => [page, code] as const,
    ),
  )

describe('samples of the README files', () => {
  const roots = samples.filter(([, code]) => code.includes('createRoot('))

  it('call createRoot', () => {
    expect(roots.length).toBeGreaterThan(1)
  })

  it.each(roots)('call createRoot in a file without components, which a hot update would run again: %s', (_, code) => {
    expect(code).not.toMatch(/^(?:export )?(?:default )?(?:function [A-Z]|const [A-Z]\w* = (?:\(|function))/m)
  })
})
