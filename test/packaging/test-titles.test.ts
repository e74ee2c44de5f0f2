// What counts as a test, for the table of the threats and for the count of the requirements.
import { describe, expect, it } from 'vitest'
import { readTestTitles } from '../gate/test-titles.mjs'

const read = (text: string): ReturnType<typeof readTestTitles> => readTestTitles('a.test.tsx', text)

describe('the titles of tests', () => {
  it.each([
    ["it('runs (A-001)', () => {})", ['runs (A-001)']],
    ["it.each([1])('runs %s (A-001)', () => {})", ['runs %s (A-001)']],
    ["describe.skipIf(missing)('runs at times (A-001)', () => { it('a', run) })", ['a', 'runs at times (A-001)']],
    ["// A-001\nit('runs', () => {})", ['runs']],
    ["for (const title of ['runs (A-001)']) it(title, () => {})", []],
    ["// A-001\ndescribeStore('memory', create)", ['memory']],
  ])('and the rows they name are found in %j', (text, titles) => {
    expect(read(text)).toEqual({ titles, ids: ['A-001'] })
  })

  it.each([
    "it.skip('is skipped (A-001)', () => {})",
    "it.todo('is to be written (A-001)')",
    "describe.skip('a suite (A-001)', () => { it('is skipped (A-001)', () => {}) })",
    "describe('has no test', () => { it.skip('a (A-001)', () => {}) })",
    '// it("was a test (A-001)", () => {})',
    '// A-001 is covered elsewhere\nconst value = 1',
    "// A-001\nit.skip('is skipped', () => {})",
  ])('are not in %j', (text) => {
    expect(read(text)).toEqual({ titles: [], ids: [] })
  })
})
