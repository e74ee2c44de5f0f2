// Measures the server beside oidc-provider, in one run, as ratios; asserts nothing. Build first: npm run build
// Arguments: the stores, by default memory and redis; postgres and sqlite are compared with memory. FLOW=refresh narrows a run,
// BASE=/path/to/dist adds another build of our server, WRITE=1 puts the table into the README. With REDIS_DELAY=20 CONCURRENCY=1, Redis
// is 20 ms away and the time is that of waiting for it.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { FLOWS } from './flows.mjs'
import { CONCURRENCY, measure, medianRatio, OPERATIONS, ratioText, ROUNDS, startSubject } from './measure.mjs'
import { startStores } from './stores.mjs'

const README = new URL('../README.md', import.meta.url)
const START = '<!-- server -->'
const END = '<!-- /server -->'
/** Stores for which oidc-provider has an adapter here. */
const PEER_STORES = ['memory', 'redis']

/** @typedef {import('./measure.mjs').Prepared} Prepared */

/**
 * @param {Prepared} one
 * @param {readonly Prepared[]} all
 * @returns {Prepared | undefined} oidc-provider on the same store, or our server in memory
 */
function referenceFor({ subject }, all) {
  const peer = all.find((other) => other.subject.name === 'oidc-provider' && other.subject.store === subject.store)
  return peer ?? all.find((other) => other.subject.name === subject.name && other.subject.store === 'memory')
}

/**
 * @param {string} flow
 * @param {readonly Prepared[]} all
 * @returns {readonly string[]} a row for each server that is compared
 */
function rowsOf(flow, all) {
  return all
    .filter(({ subject }) => subject.name !== 'oidc-provider')
    .flatMap((one) => {
      const reference = referenceFor(one, all)
      if (!reference || reference === one) return []
      const rate = ratioText(one, reference, (a, b) => a.rate / b.rate)
      const cpu = ratioText(one, reference, (a, b) => b.cpu / a.cpu)
      const name = one.subject.name === 'latchkey' ? one.subject.store : `${one.subject.store}, ${one.subject.name}`
      const against = reference.subject.name === 'oidc-provider' ? 'oidc-provider' : 'memory'
      return [`| ${flow} | ${name} | ${against} | ${rate} | ${cpu} |`]
    })
}

/**
 * @param {string} flow
 * @param {readonly Prepared[]} all
 * @returns {[flow: string, store: string, ratio: number][]} how much less CPU time our server takes than oidc-provider
 */
function barsOf(flow, all) {
  const peers = all.filter(({ subject }) => subject.name === 'oidc-provider')
  return peers.flatMap((peer) => {
    const own = all.find(({ subject }) => subject.name === 'latchkey' && subject.store === peer.subject.store)
    return own ? [[flow, peer.subject.store, medianRatio(own, peer, (a, b) => b.cpu / a.cpu)]] : []
  })
}

/**
 * A chart for each store: oidc-provider is 1.
 *
 * @returns {string}
 */
function charts() {
  const stores = [...new Set(bars.map(([, store]) => store))]
  return stores
    .map((store) => {
      const own = bars.filter(([, of]) => of === store)
      return [
        '```mermaid',
        'xychart-beta',
        `  title "Requests for the CPU time of one of oidc-provider, ${store}"`,
        `  x-axis [${own.map(([flow]) => `"${flow}"`).join(', ')}]`,
        '  y-axis 0 --> 4',
        `  bar [${own.map(([, , ratio]) => ratio.toFixed(2)).join(', ')}]`,
        `  line [${own.map(() => 1).join(', ')}]`,
        '```',
      ].join('\n')
    })
    .join('\n\n')
}

/** @param {string} file */
function versionIn(file) {
  return JSON.parse(readFileSync(new URL(import.meta.resolve(file)), 'utf8')).version
}

function caption() {
  const peer = versionIn('oidc-provider/package.json')
  const date = new Date().toISOString().slice(0, 10)
  const amount = `${CONCURRENCY} requests at once, ${ROUNDS} rounds of ${OPERATIONS} operations`
  return `${date}, Node ${process.versions.node}, oidc-provider ${peer}, ${cpus().length} cores, ${amount}, ES256, opaque tokens.`
}

const names = process.argv.slice(2)
const stores = await startStores(names.length > 0 ? names : PEER_STORES)
const base = process.env.BASE
/** @type {readonly import('./measure.mjs').Spec[]} */
const specs = stores.names.flatMap((store) => [
  ...(PEER_STORES.includes(store) ? [{ name: 'oidc-provider', store }] : []),
  ...(base === undefined ? [] : [{ name: 'before', store, dist: base }]),
  { name: 'latchkey', store },
])
const subjects = []
for (const spec of specs) subjects.push(await startSubject(spec, stores.urls[spec.store] ?? ''))
/** @type {[flow: string, store: string, ratio: number][]} */
const bars = []
const lines = ['| flow | store | beside | throughput | CPU time |', '|---|---|---|---|---|']
console.log(lines.join('\n'))
for (const flow of FLOWS.filter(({ name }) => name.includes(process.env.FLOW ?? ''))) {
  const measured = await measure(subjects, flow)
  const rows = rowsOf(flow.name, measured)
  bars.push(...barsOf(flow.name, measured))
  console.log(rows.join('\n'))
  lines.push(...rows)
}
console.log(caption())
if (process.env.WRITE) {
  const text = readFileSync(README, 'utf8')
  const [before = '', rest = ''] = text.split(START)
  const [, after = ''] = rest.split(END)
  writeFileSync(README, `${before}${START}\n\n${caption()}\n\n${lines.join('\n')}\n\n${charts()}\n\n${END}${after}`)
}
for (const { stop } of subjects) stop()
await stores.stop()
process.exit()
