// Measures the server beside oidc-provider, in one run, as ratios; asserts nothing. Build first: npx tsc -b
// Arguments: the stores, by default memory and redis; postgres and sqlite are compared with memory. FLOW=refresh narrows a run,
// BASE=/path/to/dist adds another build of our server, WRITE=1 puts the table into the README.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { FLOWS } from './flows.mjs'
import { measure, ratioText, startSubject } from './measure.mjs'
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

/** @param {string} file */
function versionIn(file) {
  return JSON.parse(readFileSync(new URL(import.meta.resolve(file)), 'utf8')).version
}

function caption() {
  const peer = versionIn('oidc-provider/package.json')
  const date = new Date().toISOString().slice(0, 10)
  return `${date}, Node ${process.versions.node}, oidc-provider ${peer}, ${cpus().length} cores, 16 requests at once, ES256, opaque tokens.`
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
const lines = ['| flow | store | beside | throughput | CPU time |', '|---|---|---|---|---|']
console.log(lines.join('\n'))
for (const flow of FLOWS.filter(({ name }) => name.includes(process.env.FLOW ?? ''))) {
  const rows = rowsOf(flow.name, await measure(subjects, flow))
  console.log(rows.join('\n'))
  lines.push(...rows)
}
console.log(caption())
if (process.env.WRITE) {
  const text = readFileSync(README, 'utf8')
  const [before = '', rest = ''] = text.split(START)
  const [, after = ''] = rest.split(END)
  writeFileSync(README, `${before}${START}\n\n${caption()}\n\n${lines.join('\n')}\n\n${END}${after}`)
}
for (const { stop } of subjects) stop()
await stores.stop()
process.exit()
