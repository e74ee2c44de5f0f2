// What is read as a test, for the threat table of SECURITY.md and for the requirements check.
import { describe, expect, it } from 'vitest'
import { readTestTitles } from '../gate/test-titles.mjs'

const read = (text: string): ReturnType<typeof readTestTitles> => readTestTitles('a.test.tsx', text)

describe('readTestTitles()', () => {
  it.each([
    ["it('runs', () => {\n// covers A-001\n})", ['runs']],
    ["it('runs', { timeout: 1 }, async () => {\n// covers A-001\nawait run()\n})", ['runs']],
    ["test('runs', () => {\nrun()\n// covers A-001\nrun()\n}, 1000)", ['runs']],
    ["it.each([1])('runs %s', () => {\n// covers A-001\n})", ['runs %s']],
    ["describe.skipIf(missing)('a suite', () => { it('runs', () => {\n// covers A-001\n}) })", ['runs', 'a suite']],
    ["for (const title of ['runs']) it(title, () => {\n// covers A-001\n})", []],
  ])('finds the titles and the covered row in %j', (text, titles) => {
    expect(read(text)).toEqual({ titles, ids: ['A-001'] })
  })

  it('reads several rows from one comment', () => {
    expect(read("it('runs', () => {\n// covers A-001, B-002\n})").ids).toEqual(['A-001', 'B-002'])
  })

  it.each([
    "it('runs (A-001)', () => {})",
    "// covers A-001\nit('runs', () => {})",
    "it('runs', () => {}) // covers A-001",
    "it('runs', /* covers A-001 */ () => {})",
    "it('runs', () => {\nexpect('// covers A-001').toBe(text)\n})",
    "it('runs', () => {\n// A-001 is covered elsewhere\n})",
    "// covers A-001\nit('runs', run)",
  ])('counts no row outside a comment of the body: %j', (text) => {
    expect(read(text).ids).toEqual([])
  })

  it.each([
    "it.skip('is skipped', () => {\n// covers A-001\n})",
    "it.todo('is to be written')",
    "describe.skip('a suite', () => { it('is skipped', () => {\n// covers A-001\n}) })",
    "describe('has no test', () => { it.skip('a', () => {\n// covers A-001\n}) })",
    '// it("was a test", () => {\\n// covers A-001\\n})',
    '// covers A-001\nconst value = 1',
  ])('finds nothing in %j', (text) => {
    expect(read(text)).toEqual({ titles: [], ids: [] })
  })
})
