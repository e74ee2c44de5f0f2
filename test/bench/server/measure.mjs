// Starts servers, each in its own process, and measures a flow at all of them by turns.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { HttpClient } from './http-client.mjs'

export const CONCURRENCY = Number(process.env.CONCURRENCY ?? 16)
export const ROUNDS = Number(process.env.ROUNDS ?? 7)
export const OPERATIONS = Number(process.env.OPERATIONS ?? 320)
/** A server runs for days: before this many operations, its time is that of the compiler. */
const WARM_UP = Number(process.env.WARM_UP ?? 3000)

/** @typedef {{ name: string, store: string, dist?: string | undefined }} Spec a server; `dist`: another build of ours */
/** @typedef {Spec & { issuer: string, cpuTime: () => Promise<number>, stop: () => void }} Subject `cpuTime`: microseconds */
/** @typedef {{ cpu: number, rate: number }} Sample microseconds of CPU time per operation, operations per second */
/** @typedef {{ subject: Subject, operations: readonly import('./flows.mjs').Operation[], clients: readonly HttpClient[], samples: Sample[] }} Prepared */

/**
 * @param {Spec} spec
 * @param {string} url of the store
 * @returns {Promise<Subject>}
 */
export async function startSubject(spec, url) {
  const { name, store, dist } = spec
  const env = { ...process.env, ...(dist !== undefined && { LATCHKEY_DIST: dist }) }
  const child = fork(new URL('subject.mjs', import.meta.url), [name, store, url], { env })
  child.once('exit', (code) => void (code && process.exit(1)))
  const [{ issuer }] = await once(child, 'message')
  const cpuTime = async () => {
    const reply = once(child, 'message')
    child.send('cpu')
    return (await reply)[0].cpu
  }
  return { ...spec, issuer, cpuTime, stop: () => void child.send('exit') }
}

/**
 * All take turns, in rounds, after each was warmed up: on a shared machine, what runs at another time cannot be compared.
 *
 * @param {readonly Subject[]} subjects
 * @param {import('./flows.mjs').Flow} flow
 * @returns {Promise<readonly Prepared[]>}
 */
export async function measure(subjects, flow) {
  /** @type {Prepared[]} */
  const prepared = []
  for (const subject of subjects) prepared.push(await prepare(subject, flow))
  for (const one of prepared) await fire(one, WARM_UP)
  for (let round = 0; round < ROUNDS; round += 1) for (const one of prepared) one.samples.push(await fire(one))
  for (const { clients } of prepared) for (const client of clients) client.close()
  return prepared
}

/**
 * @param {Subject} subject
 * @param {import('./flows.mjs').Flow} flow
 * @returns {Promise<Prepared>}
 */
async function prepare(subject, flow) {
  const clients = Array.from({ length: CONCURRENCY }, () => new HttpClient())
  const reply = await clients[0]?.send(`${subject.issuer}/.well-known/openid-configuration`)
  const endpoints = JSON.parse(reply?.text ?? '{}')
  const operations = await Promise.all(clients.map((client) => flow.prepare(client, endpoints)))
  return { subject, operations, clients, samples: [] }
}

/**
 * @param {Prepared} prepared
 * @param {number} [count] of operations
 * @returns {Promise<Sample>}
 */
async function fire({ subject, operations }, count = OPERATIONS) {
  const before = await subject.cpuTime()
  const startedAt = performance.now()
  let left = count
  await Promise.all(
    operations.map(async (operation) => {
      while (left-- > 0) await operation()
    }),
  )
  const seconds = (performance.now() - startedAt) / 1000
  return { cpu: ((await subject.cpuTime()) - before) / count, rate: count / seconds }
}

/** @param {readonly number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/**
 * @param {Prepared} one
 * @param {Prepared} reference
 * @param {(one: Sample, reference: Sample) => number} ratioOf
 * @returns {number} the median of the ratios, round by round
 */
export function medianRatio(one, reference, ratioOf) {
  return median(ratios(one, reference, ratioOf))
}

/**
 * @param {Prepared} one
 * @param {Prepared} reference
 * @param {(one: Sample, reference: Sample) => number} ratioOf
 */
function ratios(one, reference, ratioOf) {
  return one.samples.map((sample, index) => ratioOf(sample, reference.samples[index] ?? sample))
}

/**
 * Returns the median and the spread of the ratios, round by round.
 *
 * @param {Prepared} one
 * @param {Prepared} reference
 * @param {(one: Sample, reference: Sample) => number} ratioOf
 */
export function ratioText(one, reference, ratioOf) {
  const all = ratios(one, reference, ratioOf)
  return `${median(all).toFixed(2)} (${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)})`
}
