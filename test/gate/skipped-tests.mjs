// Which tests a run skipped: what this machine has no program for, and what only `npm run test:all` runs.

/**
 * @typedef {{ name: string, assertionResults: ReadonlyArray<{ status: string }> }} FileResult
 * @param {{ testResults?: readonly FileResult[] }} report what Vitest's JSON reporter wrote
 * @param {string} root the folder that the names of files are relative to
 * @returns {string[]} a line for each file, with the number of tests
 */
export function listSkippedTests({ testResults = [] }, root) {
  return testResults
    .map(({ name, assertionResults }) => ({
      file: name.startsWith(root) ? name.slice(root.length) : name,
      count: assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed').length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ file, count }) => `skipped ${String(count).padStart(3)} in ${file}`)
}
