// Sizes and request counts that the gate measures exactly: checks and tests record them, and the gate prints them as one table at its end.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './command.mjs'

/** What is measured, in the order of the table. */
const MEASURES = /** @type {const} */ ({
  initial: 'initial bundle of an app, B brotli',
  'initial-hand-written': '  the same, written by hand with oauth4webapi',
  'initial-react-oidc-context': '  the same, with react-oidc-context',
  'signed-in': 'loaded until signed in, B brotli',
  'signed-in-files': 'files until signed in',
  idle: 'loaded when idle, B brotli',
  'sign-in-passes': 'files that a sign-in passes through',
  'call-passes': 'files that a call to an API passes through, with a fresh token',
  oauth1: 'own code of OAuth 1.0a, B brotli',
  'requests-callback': 'requests from the callback to the signed-in page',
  'requests-reload': 'requests of a reload with a stored session, in a minute',
  'requests-expired': 'token requests for an API call with an expired token',
  'requests-tabs': 'token requests of 8 tabs that meet the expiry at once, most of 50 times',
  'requests-calls': 'token requests of 50 calls that meet the expiry at once',
})

/**
 * @typedef {keyof typeof MEASURES} Measure
 * @typedef {{ value: number, limit?: number | undefined }} Measured
 */

const folder = join(root, 'test-results/reports/measures')

/**
 * Keeps a value for the table of the gate. It checks nothing: the caller does.
 *
 * @param {Measure} name
 * @param {number} value
 * @param {number} [limit] the most that is accepted, or the only value
 */
export function recordMeasure(name, value, limit) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ value, limit }))
}

/** @returns {{ lines: string[], missing: number }} the table, and how many rows no check or test has recorded */
export function tableOfMeasures() {
  const rows = Object.entries(MEASURES).map(([name, what]) => ({ what, measured: readMeasure(name) }))
  const lines = rows.map(({ what, measured }) => {
    const value = String(measured?.value ?? 'not measured').padStart(8)
    return `${what.padEnd(70)} ${value}${measured?.limit === undefined ? '' : `  limit ${measured.limit}`}`
  })
  return { lines: ['Sizes and requests:', ...lines], missing: rows.filter(({ measured }) => !measured).length }
}

/**
 * @param {string} name
 * @returns {Measured | undefined}
 */
function readMeasure(name) {
  try {
    return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
  } catch {
    return undefined
  }
}
