// What Vitest's JSON report says: how many tests passed and failed, which failed and why, and which passed at the second try only.
import { readFile } from 'node:fs/promises'

/** @typedef {{ fullName: string, status: string, failureMessages: readonly string[] }} Test */

/**
 * @param {string} file
 * @param {number} code the exit code: a file that does not load has no failed test, and an unhandled rejection belongs to none
 */
export async function readReport(file, code) {
  /** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, testResults: { assertionResults: Test[] }[] }} */
  const report = JSON.parse(
    await readFile(file, 'utf8').catch(() => '{"numPassedTests":0,"numFailedTests":0,"numPendingTests":0,"testResults":[]}'),
  )
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const failures = tests.filter(({ status }) => status === 'failed').map(describe)
  const retried = tests.filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0).map(describe)
  return {
    passed: report.numPassedTests,
    failed: code !== 0 && report.numFailedTests === 0 ? 1 : report.numFailedTests,
    skipped: report.numPendingTests,
    failures,
    ...(retried.length > 0 ? { note: `passed at the second try: ${retried.join('; ')}` } : {}),
  }
}

/** @param {Test} test */
function describe({ fullName, failureMessages }) {
  return `${fullName} (${failureMessages[0]?.split('\n')[0] ?? 'no message'})`
}
