'use client'
import type { ReactElement } from 'react'
import type { IdTokenCheck } from './id-token-checks.js'

const MARKS = { passed: '✓', failed: '✗', skipped: '–' } as const

/** Each check of an ID token, with what was expected and received. */
export function CheckList({
  checks,
  caption,
}: {
  readonly checks: readonly IdTokenCheck[]
  readonly caption: string
}): ReactElement {
  return (
    <table className="lk-checks">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Check</th>
          <th scope="col">Expected</th>
          <th scope="col">Received</th>
        </tr>
      </thead>
      <tbody>
        {checks.map(({ name, result, expected, received }) => (
          <tr key={name} data-result={result}>
            <th scope="row">
              <span className="lk-mark" aria-hidden="true">
                {MARKS[result]}
              </span>{' '}
              {name}
              <span className="lk-hidden"> {result}</span>
            </th>
            <td>{expected}</td>
            <td>{received}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** @returns a sentence for a caption */
export function summaryOf(checks: readonly IdTokenCheck[]): string {
  const failed = checks.filter(({ result }) => result === 'failed')
  const passed = checks.filter(({ result }) => result === 'passed').length
  return failed.length === 0 ? `${passed} passed` : `${failed.map(({ name }) => name).join(', ')} failed, ${passed} passed`
}
