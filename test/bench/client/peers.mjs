// Measures Latchkey beside other libraries in Chromium, in turns; asserts nothing. Build first: npm run build
//   node test/bench/client/peers.mjs            all subjects, ROUNDS=3
//   SUBJECTS="floor latchkey"                   fewer subjects
//   ONLY=call,growth                            fewer scenarios, see MEASUREMENTS
//   BASE=/path/to/packages                      adds another build of Latchkey, in the folders dist-base of core and react
//   WRITE=1                                     puts the tables into the README
import { writeFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { chromiumArguments, findChromium } from '../../gate/browsers.mjs'
import { buildApp } from './build-apps.mjs'
import { report } from './report.mjs'
import * as scenarios from './scenarios.mjs'
import { startWorld } from './start-world.mjs'
import { configure, visit } from './visitor.mjs'

process.env['NODE_ENV'] = 'production'
const ROUNDS = Number(process.env['ROUNDS'] ?? 3)
const SUBJECTS = ['plain', 'floor', 'latchkey', 'react-oidc-context', 'axa', 'auth0-react', 'oidc-spa']

/** @typedef {import('./visitor.mjs').Visitor} Visitor */
/** @typedef {Record<string, Record<string, number[]>>} Found values by subject and name */

/** In this order: each continues with the visitor of those before. @type {Readonly<Record<string, (visitor: Visitor) => Promise<scenarios.Values>>>} */
const MEASUREMENTS = {
  start: (visitor) => scenarios.warmStart(visitor, 'start', 0),
  call: scenarios.callCost,
  calls: scenarios.callsAtExpiry,
  expired: scenarios.expiredStart,
  tabs: scenarios.tabsAtExpiry,
  refresh: (visitor) => scenarios.refreshCost(visitor, 'refresh', 0),
  'hooks-1000': (visitor) => scenarios.refreshCost(visitor, '1,000 refresh', 1000),
  'hooks-10000': async (visitor) => ({
    ...(await scenarios.warmStart(visitor, '10,000 start', 10_000)),
    ...(await scenarios.refreshCost(visitor, '10,000 refresh', 10_000)),
  }),
}
/** The page without sign-in has nothing else. */
const OF_PLAIN = ['start', 'call', 'hooks-10000']
const only = process.env['ONLY']?.split(',')

/** @type {Found} */
const found = {}
/** @type {Set<string>} */
const failures = new Set()

/**
 * @param {string} subject
 * @param {string} what
 * @param {() => Promise<scenarios.Values>} run
 */
async function note(subject, what, run) {
  try {
    for (const [name, value] of Object.entries(await run())) ((found[subject] ??= {})[name] ??= []).push(value)
  } catch (error) {
    failures.add(`${subject}, ${what}: ${String(error).split('\n')[0]}`)
  }
}

/** @param {Visitor} visitor */
async function measureOne(visitor) {
  const { name } = visitor.app
  const isPlain = name === 'plain'
  if (isPlain) await configure(visitor, { holdsIdle: false })
  else await note(name, 'first visit', () => scenarios.firstVisit(visitor))
  for (const [what, run] of Object.entries(MEASUREMENTS)) {
    if ((only && !only.includes(what)) || (isPlain && !OF_PLAIN.includes(what))) continue
    await note(name, what, () => run(visitor))
  }
}

/**
 * Growth: many stored sessions, many named clients.
 *
 * @param {Visitor} visitor
 */
async function measureGrowth(visitor) {
  const { name } = visitor.app
  await scenarios.firstVisit(visitor)
  await scenarios.storeSessions(visitor)
  for (let round = 0; round < ROUNDS; round += 1) {
    await note(name, 'start with 50 sessions', () => scenarios.warmStart(visitor, '50 sessions start', 0))
    await note(name, 'refresh with 50 sessions', () => scenarios.refreshCost(visitor, '50 sessions refresh', 0))
  }
  if (!name.startsWith('latchkey')) return
  await configure(visitor, { named: 50 })
  for (let round = 0; round < ROUNDS; round += 1)
    await note(name, 'start with 50 named clients', () => scenarios.warmStart(visitor, '50 named start', 0))
}

const base = process.env['BASE']
const names = process.env['SUBJECTS']?.split(' ') ?? SUBJECTS
const apps = []
for (const name of names) apps.push({ name, ...(await buildApp(name, undefined)) })
if (base) apps.push({ name: 'latchkey before', ...(await buildApp('latchkey', base)) })
for (const { name, sizes } of apps)
  if (name === 'plain') found[name] = { 'all bytes': [Object.values(sizes).reduce((sum, size) => sum + size, 0)] }
const world = await startWorld(Object.fromEntries(apps.map(({ name, folder }) => [name, folder])))
const executablePath = findChromium()
const browser = await chromium.launch({
  ...(executablePath ? { executablePath } : { channel: 'chromium' }),
  args: [...chromiumArguments],
})
for (let round = 0; round < ROUNDS; round += 1) {
  for (const app of apps) {
    const visitor = await visit(browser, world, app)
    await measureOne(visitor)
    await visitor.context.close()
  }
  console.log(`round ${round + 1} of ${ROUNDS}`)
}
for (const app of apps) {
  if (app.name === 'plain' || (only && !only.includes('growth'))) continue
  const visitor = await visit(browser, world, app)
  await measureGrowth(visitor).catch((error) => failures.add(`${app.name}, growth: ${String(error).split('\n')[0]}`))
  await visitor.context.close()
}
const version = browser.version()
await browser.close()
world.stop()
const run = { found, failures: [...failures], browser: version, rounds: ROUNDS, date: new Date().toISOString().slice(0, 10) }
// `node test/bench/client/report.mjs` prints it again; with WRITE=1, into the README.
writeFileSync(new URL('../../../test-results/bench-client/peers.json', import.meta.url), JSON.stringify(run))
report(run, process.env['WRITE'] !== undefined)
