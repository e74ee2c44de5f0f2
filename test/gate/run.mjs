#!/usr/bin/env node
// The one gate: what `npm test` runs, on a person's machine and in CI, from a bare clone on.
//   --only=format,lint   just these steps          --changed   the inner loop: quick steps, tests touched by uncommitted changes
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './command.mjs'
import { installBrowsers, installPackages, isInstalled, nodeTrouble } from './set-up.mjs'

const logs = join(root, 'test-results/gate')

const { values: flags } = parseArgs({ options: { only: { type: 'string' }, changed: { type: 'boolean', default: false } } })

const trouble = nodeTrouble()
if (trouble) {
  console.error(trouble)
  process.exit(1)
}
process.exitCode = await main()

async function main() {
  await rm(logs, { recursive: true, force: true })
  await mkdir(logs, { recursive: true })
  if (!(await setUp())) return 1
  // After the set-up: the steps look for browsers as they are loaded.
  const { steps } = await import('./steps.mjs')
  const chosen = steps.filter(chooser(steps.map((step) => step.name)))
  for (const step of chosen) {
    const reason = step.skip?.()
    if (reason) console.log(`skipped ${step.name}: ${reason}`)
  }
  const totals = await runSteps(chosen)
  const skipped = totals.skipped ? `, ${totals.skipped} skipped` : ''
  console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`)
  return totals.failed === 0 && totals.passed > 0 ? 0 : 1
}

/** @param {readonly string[]} names */
function chooser(names) {
  const only = flags.only?.split(',')
  const unknown = only?.filter((name) => !names.includes(name)) ?? []
  if (unknown.length > 0) throw new Error(`--only: no step "${unknown.join(', ')}"; there are ${names.join(', ')}`)
  /** @param {import('./steps.mjs').Step} step */
  return (step) => (only ? only.includes(step.name) : !flags.changed || step.inner === true)
}

async function setUp() {
  const isInnerLoop = flags.only !== undefined || flags.changed
  if (isInnerLoop && isInstalled()) return true
  const started = performance.now()
  const { code, output } = await installPackages()
  tell(code === 0, 'install', started)
  if (code !== 0) return fail('install', output)
  const { missing, output: browsers } = await installBrowsers()
  if (browsers) await writeFile(join(logs, 'browsers.log'), browsers)
  if (!missing.includes('chromium')) return true
  return fail(
    'browsers',
    `${browsers}\nChromium was not found and could not be installed: install it, or name it with CHROMIUM_PATH`,
  )
}

/** @param {readonly import('./steps.mjs').Step[]} chosen */
async function runSteps(chosen) {
  const totals = { passed: 0, failed: 0, skipped: 0 }
  const broken = new Set()
  for (const step of chosen) {
    const result = await runStep(step, broken)
    totals.passed += result.passed
    totals.failed += result.failed
    totals.skipped += result.skipped ?? 0
    if (result.failed > 0) broken.add(step.name)
  }
  return totals
}

/**
 * @param {import('./steps.mjs').Step} step
 * @param {ReadonlySet<string>} broken
 * @returns {Promise<import('./steps.mjs').Result>}
 */
async function runStep(step, broken) {
  if (step.skip?.()) return { passed: 0, failed: 0, skipped: 1, output: '' }
  const started = performance.now()
  if (step.needs && broken.has(step.needs)) {
    tell(false, step.name, started, `not run: ${step.needs} failed`)
    return { passed: 0, failed: 1, output: '' }
  }
  const result = await step.run({ changed: flags.changed }).catch(crashed)
  const count = result.passed + result.failed > 1 ? `${result.passed} passed, ${result.failed} failed` : ''
  tell(result.failed === 0, step.name, started, [count, result.note].filter(Boolean).join('; '))
  await writeFile(join(logs, `${step.name}.log`), result.output)
  if (result.failed > 0) await fail(step.name, [...(result.failures ?? []), result.output].join('\n'))
  return result
}

/**
 * @param {unknown} error
 * @returns {import('./steps.mjs').Result}
 */
function crashed(error) {
  return { passed: 0, failed: 1, output: error instanceof Error ? String(error.stack) : String(error) }
}

/**
 * @param {boolean} isGood
 * @param {string} name
 * @param {number} started
 */
function tell(isGood, name, started, note = '') {
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${isGood ? 'ok  ' : 'FAIL'} ${name.padEnd(16)} ${seconds.padStart(6)} s  ${note}`.trimEnd())
}

/**
 * @param {string} name
 * @param {string} output
 * @returns {Promise<false>}
 */
async function fail(name, output) {
  const lines = output.trimEnd().split('\n')
  const shown = process.env.CI ? lines : lines.slice(-120)
  const cut = shown.length < lines.length ? [`(${lines.length - shown.length} lines more in test-results/gate/${name}.log)`] : []
  console.log([...cut, ...shown].map((line) => `     | ${line}`).join('\n'))
  return false
}
