// Turns the numbers of `peers.mjs` into a table of ratios and a chart. By itself it prints the last run again: with WRITE=1, into the README.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { pathToFileURL } from 'node:url'

const README = new URL('../README.md', import.meta.url)
const LAST_RUN = new URL('../../../test-results/bench-client/peers.json', import.meta.url)
const START = '<!-- client -->'
const END = '<!-- /client -->'
const PACKAGES = [
  'react',
  'oauth4webapi',
  'react-oidc-context',
  'oidc-client-ts',
  '@axa-fr/react-oidc',
  '@auth0/auth0-react',
  'oidc-spa',
]

/** @typedef {Readonly<Record<string, readonly number[]>>} Numbers by name */
/** @typedef {{ found: Readonly<Record<string, Numbers>>, failures: readonly string[], browser: string, rounds: number, date: string }} Run */
/** @typedef {(numbers: Numbers, plain: Numbers, floor: Numbers) => string} Cell */

/** @param {readonly number[]} [values] */
function median(values = []) {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN
}

/**
 * @param {readonly number[] | undefined} values
 * @param {(value: number) => number} convert
 * @param {number} digits
 */
function withSpread(values, convert, digits) {
  if (!values || values.length === 0) return '-'
  const [lowest, middle, highest] = [Math.min(...values), median(values), Math.max(...values)].map((value) =>
    convert(value).toFixed(digits),
  )
  return lowest === highest ? `${middle}` : `${middle} (${lowest}–${highest})`
}

/**
 * @param {string} name
 * @returns {Cell} a ratio to the floor
 */
const ratio = (name) => (numbers, _plain, floor) => withSpread(numbers[name], (value) => value / median(floor[name]), 2)

/**
 * @param {string} name
 * @returns {Cell} a ratio to the floor, both over the page without sign-in
 */
const ratioOverPlain = (name) => (numbers, plain, floor) => {
  const base = median(plain[name])
  return withSpread(numbers[name], (value) => (value - base) / (median(floor[name]) - base), 2)
}

/**
 * @param {readonly string[]} names
 * @returns {Cell} exact numbers
 */
const counts = (names) => (numbers) => names.map((name) => withSpread(numbers[name], (value) => value, 0)).join(' / ')

/**
 * @param {readonly string[]} names of bytes
 * @returns {Cell} kB without the page and React
 */
const kilobytes = (names) => (numbers, plain) =>
  names.map((name) => withSpread(numbers[name], (value) => (value - median(plain['all bytes'])) / 1000, 1)).join(' / ')

/**
 * @param {string} name
 * @param {string} base with a single session, client or component
 * @returns {Cell} growth within one library
 */
const growth = (name, base) => (numbers) => withSpread(numbers[name], (value) => value / median(numbers[base]), 2)

/** @type {readonly (readonly [title: string, cell: Cell])[]} */
const ROWS = [
  ['kB brotli until signed in / once idle / in the build', kilobytes(['bytes', 'idle bytes', 'all bytes'])],
  ['files until signed in / once idle', counts(['files', 'idle files'])],
  ['sign-in from callback to claims: time, floor = 1', ratio('sign-in')],
  ['its requests / of them in series', counts(['sign-in requests', 'sign-in series'])],
  ['warm start: time, floor = 1', ratio('start')],
  ['warm start: CPU time, floor = 1', ratio('start CPU')],
  ['expired start to a good API call: time, floor = 1', ratio('expired start')],
  ['its requests / of them in series', counts(['expired requests', 'expired series'])],
  ['50 calls at expiry: token requests / failed calls', counts(['calls token requests', 'calls failed'])],
  [
    '8 tabs at expiry: token requests / tabs signed out / failed first calls',
    counts(['tabs token requests', 'tabs signed out', 'tabs first calls failed']),
  ],
  [
    'one authed call: CPU µs over bare fetch',
    (numbers, plain) => withSpread(numbers['call CPU'], (value) => value - median(plain['call CPU']), 1),
  ],
  ['refresh with 1,000 hooks: renders of each', counts(['1,000 refresh renders'])],
  ['refresh with 1,000 hooks: CPU time, floor = 1', ratio('1,000 refresh CPU')],
  ['refresh with 10,000 hooks: CPU time, floor = 1', ratio('10,000 refresh CPU')],
  ['warm start with 10,000 hooks: CPU time over plain components, floor = 1', ratioOverPlain('10,000 start CPU')],
  ['start with 50 stored sessions: CPU time, one = 1', growth('50 sessions start CPU', 'start CPU')],
  ['refresh with 50 stored sessions: CPU time, one = 1', growth('50 sessions refresh CPU', 'refresh CPU')],
  ['start with 50 named clients: CPU time, one = 1', growth('50 named start CPU', 'start CPU')],
]

/** @param {Run} run */
function tableOf({ found }) {
  const { plain = {}, floor = {} } = found
  const subjects = Object.entries(found).filter(([name]) => name !== 'plain')
  // Of a page without sign-in, all is fetched at once.
  const base = { ...plain, 'all bytes': plain['all bytes'] ?? [] }
  // A scenario that did not run has no row.
  const lines = ROWS.map(([title, cell]) => ({
    title,
    cells: subjects.map(([, numbers]) => cell(numbers, base, floor).replaceAll('NaN', '-')),
  }))
    .filter(({ cells }) => cells.some((each) => each !== '-'))
    .map(({ title, cells }) => `| ${title} | ${cells.join(' | ')} |`)
  return [`| | ${subjects.map(([name]) => name).join(' | ')} |`, `|---|${'---|'.repeat(subjects.length)}`, ...lines].join('\n')
}

/** @param {Run} run */
function chartOf({ found }) {
  const subjects = Object.entries(found).filter(([name, numbers]) => name !== 'plain' && numbers['call CPU'])
  const base = median(found['plain']?.['call CPU'])
  const bars = subjects.map(([, numbers]) => Math.max(0, median(numbers['call CPU']) - base))
  return [
    '```mermaid',
    'xychart-beta',
    '  title "One authed call: CPU time over bare fetch, Latchkey = 1"',
    `  x-axis [${subjects.map(([name]) => `"${name}"`).join(', ')}]`,
    '  y-axis "CPU time"',
    `  bar [${bars.map((bar) => (bar / (bars[subjects.findIndex(([name]) => name === 'latchkey')] ?? 1)).toFixed(2)).join(', ')}]`,
    '```',
  ].join('\n')
}

/** @param {string} name */
function versionOf(name) {
  // The packages do not export their package.json, so it is read from where the workspace has them.
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url)
  return `${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`
}

/** @param {Run} run */
function captionOf({ browser, rounds, date }) {
  return `${date}, Chromium ${browser}, ${cpus().length} cores, ${rounds === 1 ? 'one round' : `medians of ${rounds} rounds (lowest–highest)`}: ${PACKAGES.map(versionOf).join(', ')}.`
}

/**
 * @param {Run} run
 * @param {boolean} writes into the README
 */
export function report(run, writes) {
  const missing = run.failures.length === 0 ? [] : ['Not measured:', run.failures.map((failure) => `- ${failure}`).join('\n')]
  const text = [captionOf(run), tableOf(run), chartOf(run), ...missing].join('\n\n')
  console.log(text)
  if (!writes) return
  const readme = readFileSync(README, 'utf8')
  const [before = '', rest = ''] = readme.split(START)
  const [, after = ''] = rest.split(END)
  writeFileSync(README, `${before}${START}\n\n${text}\n\n${END}${after}`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  report(JSON.parse(readFileSync(LAST_RUN, 'utf8')), process.env['WRITE'] !== undefined)
