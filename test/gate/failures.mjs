// What failed, in a few lines: a log of CI keeps only the end of what the gate prints.
import { stripVTControlCharacters } from 'node:util'

const MESSAGE_LINES = 6
const MAX_TESTS = 20
const OUTPUT_LINES = 30

/**
 * @typedef {{ fullName: string, ancestorTitles: readonly string[], title: string, status: string, failureMessages?: readonly string[] }} TestResult
 * @typedef {{ name: string, status: string, message?: string, assertionResults: readonly TestResult[] }} FileResult
 * @param {{ testResults?: readonly FileResult[] }} report what Vitest's JSON reporter wrote
 * @param {string} root the folder that the names of files are relative to
 * @returns {string[]} lines for each failed test, and for each file that failed without one
 */
export function listFailedTests({ testResults = [] }, root) {
  const entries = testResults
    .filter(({ status }) => status === 'failed')
    .flatMap((file) => failuresOf(file).map(({ title, message }) => [`FAIL ${relative(file.name, root)} > ${title}`, ...message]))
  const more = entries.length - MAX_TESTS
  return [...entries.slice(0, MAX_TESTS).flat(), ...(more > 0 ? [`and ${more} more`] : [])]
}

/**
 * @param {FileResult} file
 * @returns {{ title: string, message: string[] }[]}
 */
function failuresOf({ message = '', assertionResults }) {
  const tests = assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ ancestorTitles, title, failureMessages = [] }) => ({
      title: [...ancestorTitles, title].join(' > '),
      message: indentedHead(failureMessages.join('\n')),
    }))
  return tests.length > 0 ? tests : [{ title: 'the file did not load or a hook failed', message: indentedHead(message) }]
}

/** @param {string} text */
function indentedHead(text) {
  return linesOf(text)
    .filter((line) => !line.includes('/node_modules/'))
    .slice(0, MESSAGE_LINES)
    .map((line) => `    ${line}`)
}

/**
 * @param {string} script
 * @param {string} output all that it printed
 * @returns {string[]} its failed checks that stand further up (lines with `FAIL`), and the last lines of the output
 */
export function summarizeScript(script, output) {
  const lines = linesOf(output)
  const earlier = lines.slice(0, -OUTPUT_LINES).filter((line) => line.startsWith('FAIL '))
  return [
    `FAIL npm run ${script}`,
    ...[...earlier.slice(0, MAX_TESTS), ...lines.slice(-OUTPUT_LINES)].map((line) => `    ${line}`),
  ]
}

/** @param {string} text */
function linesOf(text) {
  return stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
}

/**
 * @param {string} file
 * @param {string} root
 */
function relative(file, root) {
  return file.startsWith(root) ? file.slice(root.length) : file
}
