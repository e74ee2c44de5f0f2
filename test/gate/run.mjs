#!/usr/bin/env node
// `npm test` and `npm run test:all`: prepares the machine, runs package scripts two at a time, and prints the totals in the last line.
// What failed stands just before it.
//   node test/gate/run.mjs 'check:*' test:gate
import { mkdir, readFile, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { findChromium } from './browsers.mjs'
import { root } from './command.mjs'
import { listFailedTests, summarizeScript } from './failures.mjs'
import { tableOfMeasures } from './measures.mjs'
import { nodeProblem, setUp } from './set-up.mjs'
import { listSkippedTests } from './skipped-tests.mjs'

const reports = join(root, 'test-results/reports')
const totals = { passed: 0, failed: 0 }
/** @type {string[]} */
const failures = []
/** @type {string[]} */
const skipped = []

const problem = nodeProblem()
if (problem) {
  console.error(problem)
  totals.failed++
} else await main(process.argv.slice(2))
if (skipped.length > 0)
  console.log(['', 'Not run, because this machine lacks a program or only `npm run test:all` runs it:', ...skipped].join('\n'))
if (failures.length > 0) console.log(['', 'What failed:', ...failures, ''].join('\n'))
console.log(`${totals.passed} passed, ${totals.failed} failed`)
process.exitCode = totals.failed === 0 ? 0 : 1

/** @param {readonly string[]} scripts names of package scripts, `*` allowed */
async function main(scripts) {
  // The type-aware linter and the compiler are written in Go: fewer garbage collections save 8 and 18 % of their time.
  process.env.GOGC ??= '400'
  process.env.GOMEMLIMIT ??= '2GiB'
  await rm(reports, { recursive: true, force: true })
  await mkdir(reports, { recursive: true })
  const isForAll = scripts.includes('more:*')
  const { hasPackages, canTest } = setUp(isForAll)
  if (!(await hasPackages)) return void totals.failed++
  const isBuilt = await run(['build'])
  if (!(await canTest)) return void totals.failed++
  if (!isBuilt) return
  const chromium = findChromium()
  // The gate shows most pages in the headless shell; here every test gets Chromium as users have it.
  if (isForAll && chromium) process.env.CHROMIUM_PATH = chromium
  await run(scripts)
  printMeasures()
}

/** Prints sizes and request counts. A check that passes without having measured is a failure. */
function printMeasures() {
  const { lines, missing } = tableOfMeasures()
  console.log(['', ...lines].join('\n'))
  if (missing === 0 || totals.failed > 0) return
  totals.failed += missing
  failures.push(`FAIL ${missing} of the sizes and requests above were not measured`)
}

/**
 * @param {readonly string[]} patterns of names of package scripts
 * @returns {Promise<boolean>} whether all passed
 */
async function run(patterns) {
  // Installed by the set-up.
  const { concurrently } = await import('concurrently')
  const scripts = await scriptsOf(patterns)
  // Not with `npm run`, which takes a third of a second of processor time for each.
  const { commands, result } = concurrently(scripts, {
    cwd: root,
    maxProcesses: 2,
    group: true,
    timings: true,
    prefixColors: ['auto'],
  })
  /** @type {string[]} */
  const outputs = commands.map(() => '')
  for (const command of commands) {
    const keep = (/** @type {Uint8Array} */ chunk) => (outputs[command.index] += String(chunk))
    command.stdout.subscribe(keep)
    command.stderr.subscribe(keep)
  }
  const events = await result.catch((/** @type {import('concurrently').CloseEvent[]} */ failed) => failed)
  for (const { command, exitCode, index } of events) await count(command.name, exitCode === 0, outputs[index] ?? '')
  return events.every(({ exitCode }) => exitCode === 0)
}

/**
 * @param {readonly string[]} patterns
 * @returns {Promise<{ name: string, command: string, env: Record<string, string> }[]>} the scripts in the order of the patterns
 */
async function scriptsOf(patterns) {
  const all = Object.entries(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')).scripts)
  const env = { PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter) }
  return patterns.flatMap((pattern) => {
    const found = all.filter(([name]) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern))
    if (found.length === 0) throw new Error(`package.json has no script "${pattern}"`)
    return found.map(([name, command]) => ({ name, command: String(command), env }))
  })
}

/**
 * Counts a script as one, or as its tests where it left a report of Vitest.
 *
 * @param {string} script
 * @param {boolean} isGood
 * @param {string} output
 */
async function count(script, isGood, output) {
  const text = await readFile(join(reports, `${script.replaceAll(':', '-')}.json`), 'utf8').catch(() => undefined)
  const report = text ? JSON.parse(text) : { numPassedTests: isGood ? 1 : 0 }
  const { numPassedTests = 0, numFailedTests = 0 } = report
  totals.passed += numPassedTests
  // A file that does not load has no failed test, and an unhandled rejection belongs to none.
  totals.failed += numFailedTests === 0 && !isGood ? 1 : numFailedTests
  skipped.push(...listSkippedTests(report, root))
  if (isGood) return
  // The tests come last: the end of a log is what CI keeps.
  failures.unshift(...summarizeScript(script, output))
  failures.push(...listFailedTests(report, root))
}
