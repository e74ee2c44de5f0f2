// What the gate prints before its last line when something failed.
import { describe, expect, it } from 'vitest'
import { listFailedTests, summarizeScript } from '../gate/failures.mjs'

const failed = (title: string, message: string) => ({
  ancestorTitles: ['login()', 'with a popup'],
  title,
  fullName: `login() with a popup ${title}`,
  status: 'failed',
  failureMessages: [message],
})
const passed = { ancestorTitles: [], title: 'runs', fullName: 'runs', status: 'passed', failureMessages: [] }
const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${index + 1}`)

describe('listFailedTests()', () => {
  it('names file, suites, title and the first lines of the message of each failed test', () => {
    const message = `\u001b[31mError: expected 1 to be 2\u001b[39m\n\n${numbered(20).join('\n')}`
    const report = {
      testResults: [
        { name: '/repo/packages/a.test.ts', status: 'passed', assertionResults: [passed] },
        { name: '/repo/packages/b.test.ts', status: 'failed', assertionResults: [passed, failed('signs in', message)] },
      ],
    }
    expect(listFailedTests(report, '/repo/')).toEqual([
      'FAIL packages/b.test.ts > login() > with a popup > signs in',
      '    Error: expected 1 to be 2',
      ...numbered(5).map((line) => `    ${line}`),
    ])
  })

  it('names a file that did not load', () => {
    const file = { name: '/repo/c.test.ts', status: 'failed', message: 'SyntaxError: here', assertionResults: [] }
    expect(listFailedTests({ testResults: [file] }, '/repo/')).toEqual([
      'FAIL c.test.ts > the file did not load or a hook failed',
      '    SyntaxError: here',
    ])
  })

  it('lists twenty tests at most and counts the others', () => {
    const assertionResults = numbered(23).map((title) => failed(title, ''))
    const lines = listFailedTests({ testResults: [{ name: 'd.test.ts', status: 'failed', assertionResults }] }, '/repo/')
    expect(lines).toHaveLength(21)
    expect(lines.at(-1)).toBe('and 3 more')
  })
})

describe('summarizeScript()', () => {
  it('shows the last thirty lines, and the failed checks further up', () => {
    const output = ['ok   one', 'FAIL two', ...numbered(40)].join('\n')
    const lines = summarizeScript('check:size', output)
    expect(lines.slice(0, 3)).toEqual(['FAIL npm run check:size', '    FAIL two', '    line 11'])
    expect(lines.at(-1)).toBe('    line 40')
    expect(lines).toHaveLength(32)
  })
})
