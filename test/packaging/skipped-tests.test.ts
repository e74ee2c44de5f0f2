// What the gate prints about tests that did not run.
import { describe, expect, it } from 'vitest'
import { listSkippedTests } from '../gate/skipped-tests.mjs'

const tests = (...statuses: readonly string[]) => statuses.map((status) => ({ status }))

describe('listSkippedTests()', () => {
  it('counts the tests of each file that neither passed nor failed', () => {
    const testResults = [
      { name: '/repo/a.test.ts', assertionResults: tests('passed', 'failed') },
      { name: '/repo/b.test.ts', assertionResults: tests('passed', 'skipped', 'pending', 'todo') },
      { name: '/elsewhere/c.test.ts', assertionResults: tests('skipped') },
    ]
    expect(listSkippedTests({ testResults }, '/repo/')).toEqual([
      'skipped   3 in b.test.ts',
      'skipped   1 in /elsewhere/c.test.ts',
    ])
  })

  it('lists nothing for a script without a report', () => {
    expect(listSkippedTests({}, '/repo/')).toEqual([])
  })
})
