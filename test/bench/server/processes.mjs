// Measures how two processes of our server share one Redis, beside one; asserts nothing. Build first: npm run build
// Redis is DELAY milliseconds away, so that the processes wait for it and two cores are not full: what is left is what they wait for
// of each other. Each code flow uses both: the code is from one, the tokens from the other.
import { startDelay } from './delay.mjs'
import { FLOWS } from './flows.mjs'
import { HttpClient } from './http-client.mjs'
import { startSubject } from './measure.mjs'
import { startStores } from './stores.mjs'

const DELAY = Number(process.env.DELAY ?? 200)
const CONCURRENCY = 16
const ROUNDS = Number(process.env.ROUNDS ?? 5)
const OPERATIONS = Number(process.env.OPERATIONS ?? 96)
const WARM_UP = Number(process.env.WARM_UP ?? 320)

/** @typedef {import('./measure.mjs').Subject} Subject */
/** @typedef {readonly import('./flows.mjs').Operation[]} Operations */

/** @param {Subject} subject */
async function endpointsOf({ issuer }) {
  const client = new HttpClient()
  const { text } = await client.send(`${issuer}/.well-known/openid-configuration`)
  client.close()
  return JSON.parse(text)
}

/**
 * @param {Subject} authorizes
 * @param {Subject} issues
 * @returns {Promise<Operations>}
 */
async function codeFlows(authorizes, issues) {
  const [first, second] = await Promise.all([endpointsOf(authorizes), endpointsOf(issues)])
  const endpoints = { ...first, token_endpoint: second.token_endpoint }
  const flow = FLOWS.find(({ name }) => name === 'authorize + code + PKCE')
  return Promise.all(
    Array.from({ length: CONCURRENCY }, () => flow?.prepare(new HttpClient(), endpoints) ?? Promise.reject(new Error('no flow'))),
  )
}

/**
 * @param {Operations} operations
 * @param {readonly Subject[]} subjects
 * @param {number} [count]
 */
async function fire(operations, subjects, count = OPERATIONS * subjects.length) {
  const cpuTime = async () => {
    const times = await Promise.all(subjects.map((subject) => subject.cpuTime()))
    return times.reduce((sum, time) => sum + time, 0)
  }
  const before = await cpuTime()
  const startedAt = performance.now()
  let left = count
  const repeat = async (/** @type {() => Promise<unknown>} */ operation) => {
    while (left-- > 0) await operation()
  }
  await Promise.all(operations.map(repeat))
  return { rate: count / (performance.now() - startedAt), cpu: ((await cpuTime()) - before) / count }
}

/** @param {readonly number[]} values */
function summary(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const [low = 0, median = 0, high = 0] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)]
  return `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`
}

const stores = await startStores(['redis'])
if (stores.urls['redis'] === undefined) process.exit()
const url = `redis://127.0.0.1:${await startDelay(Number(new URL(stores.urls['redis']).port), DELAY)}`
/** @type {[Subject, Subject]} */
const both = [
  await startSubject({ name: 'latchkey', store: 'redis' }, url),
  await startSubject({ name: 'latchkey', store: 'redis' }, url),
]
const [one, other] = both
const alone = await codeFlows(one, one)
const shared = [...(await codeFlows(one, other)), ...(await codeFlows(other, one))]
await fire(shared, both, WARM_UP)
await fire(alone, [one], WARM_UP / 2)
const rates = []
const cpus = []
for (let round = 0; round < ROUNDS; round += 1) {
  const single = await fire(alone, [one])
  const pair = await fire(shared, both)
  rates.push(pair.rate / single.rate)
  cpus.push(pair.cpu / single.cpu)
}
console.log(`two processes beside one, Redis ${DELAY} ms away, ${CONCURRENCY} requests at once for each process`)
console.log(`throughput: ${summary(rates)}; CPU time of a flow: ${summary(cpus)}`)
for (const { stop } of both) stop()
await stores.stop()
process.exit()
