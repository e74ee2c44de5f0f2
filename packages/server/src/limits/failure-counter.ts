import { bytesToHex } from '@noble/hashes/utils.js'
import type { ServerContext } from '../options/server-context.js'
import { hmacOf } from '../storage/digest.js'

/** Counters of each kind for senders without an address. Their number is fixed: names that they invent do not fill the store. */
const COUNTERS = 2 ** 20
/** Milliseconds that the clocks of two processes may differ by, and the time between two writes. */
const MARK_LASTS_LONGER = 60_000
/** Delays that are counted one by one; after that, the sender waits until the oldest guess is forgotten. */
const MAX_DELAYS = 24

type CountingServer = Pick<ServerContext, 'stores' | 'secret' | 'now'>

/** What a counter allows. */
export interface CounterLimits {
  /** Failures without a delay. */
  readonly free: number
  /** Seconds of the longest delay. */
  readonly longestDelay: number
}

/** A counter of failures, as it was read. */
export interface FailureCount {
  /** The key of the store, with the generation of the counter. */
  readonly key: string
  /** The name of the counter. */
  readonly counter: string
  /** The mark that the store has while a failure of this counter is remembered. */
  readonly mark: string
  /** Failures that are not forgotten. */
  readonly failures: number
  /** Milliseconds to wait before the next guess; 0: none. */
  readonly wait: number
}

/**
 * Returns the counter of a name, which no other name shares.
 *
 * @param isShared one of a fixed number of counters, for senders whose guesses are not limited by an address
 */
export function counterOf(
  parts: readonly (string | undefined)[],
  { secret }: Pick<CountingServer, 'secret'>,
  isShared = false,
): string {
  const [kind = ''] = parts
  const hash = hmacOf(secret, JSON.stringify(['latchkey guesses', ...parts]))
  if (isShared) return `guess:${kind}:${new DataView(hash.buffer, hash.byteOffset).getUint32(0) % COUNTERS}`
  return `guess:${kind}:${bytesToHex(hash.subarray(0, 16))}`
}

/** The name of a counter, and its mark. */
export type NamedCounter = Pick<FailureCount, 'counter' | 'mark'>

/** Returns a counter whose mark is for it alone. */
export function ownMark(counter: string): NamedCounter {
  return { counter, mark: `${counter}:any` }
}

/** What the store has of a counter with failures. */
interface StoredCounter {
  readonly generation: string | undefined
}

/** Tells whether the store has none of the marks, so that no counter with one of them has failures. */
export async function hasNone(marks: readonly string[], { stores: { state } }: CountingServer): Promise<boolean> {
  const [only] = marks
  if (marks.length === 1 && only !== undefined) return (await state.get(only)) === undefined
  const found = await Promise.all(marks.map((mark) => state.get(mark)))
  return found.every((one) => one === undefined)
}

/** Returns what the store has of counters, by their names; nearly all have no failures, and the store has nothing of them. */
export async function findCounters(
  counters: readonly string[],
  { stores: { state } }: CountingServer,
): Promise<ReadonlyMap<string, StoredCounter>> {
  // All at once: each read of a store may be a request.
  const entries = await Promise.all(counters.flatMap((name) => [state.get(generationOf(name)), state.get(`${name}::0`)]))
  const found = new Map<string, StoredCounter>()
  for (const [index, counter] of counters.entries()) {
    const [generation, first] = entries.slice(index * 2)
    if (generation !== undefined || first !== undefined) found.set(counter, { generation: generation as string | undefined })
  }
  return found
}

/**
 * Reads a counter: each failure has a place in the store, taken by the atomic `add`, so that concurrent guesses in several processes are
 * all counted.
 */
export async function readCount(counter: string, limits: CounterLimits, server: CountingServer): Promise<FailureCount> {
  const stored = (await findCounters([counter], server)).get(counter)
  return stored ? countFailures(ownMark(counter), stored, limits, server) : noFailures(ownMark(counter))
}

/** Returns the count of a counter that the store does not have. */
export function noFailures({ counter, mark }: NamedCounter): FailureCount {
  return { key: `${counter}:`, counter, mark, failures: 0, wait: 0 }
}

/** Counts the failures of a counter that the store has. */
export async function countFailures(
  { counter, mark }: NamedCounter,
  { generation }: StoredCounter,
  limits: CounterLimits,
  server: CountingServer,
): Promise<FailureCount> {
  const key = `${counter}:${generation ?? ''}`
  const failures = await firstFree(key, limits, server)
  const delay = delayAfter(failures, limits)
  const last = delay === 0 ? 0 : ((await server.stores.state.get<number>(`${key}:${failures - 1}`)) ?? server.now())
  return { key, counter, mark, failures, wait: Math.max(0, last + delay - server.now()) }
}

/** Takes the next place of a counter, whose mark is set. Returns false if another request has just taken it. */
export async function takePlace(
  { key, failures }: FailureCount,
  limits: CounterLimits,
  { stores, now }: CountingServer,
): Promise<boolean> {
  return stores.state.add(`${key}:${failures}`, now(), now() + retentionOf(limits))
}

/**
 * Marks counters before a failure of them is stored, so that one read tells that there is none: of all counters that share the mark. It is
 * kept for longer than what it marks.
 */
export async function setMarks(counts: readonly FailureCount[], limits: CounterLimits, server: CountingServer): Promise<void> {
  const { stores, now } = server
  const expiresAt = now() + retentionOf(limits) + MARK_LASTS_LONGER
  const marks = new Set(counts.map(({ mark }) => mark))
  await Promise.all([...marks].map((mark) => stores.state.set(mark, 1, expiresAt)))
}

/** Takes the only guess of this second. Returns false if another request has taken it, in whichever process. */
export async function takeSecond({ counter }: FailureCount, { stores, now }: CountingServer): Promise<boolean> {
  const second = Math.floor(now() / 1000)
  return stores.state.add(`${counter}:second:${second}`, true, (second + 2) * 1000)
}

/** Counts a failure, also if others are counted at the same time. Returns how many there were before it. */
export async function countFailure(count: FailureCount, limits: CounterLimits, server: CountingServer): Promise<number> {
  for (let failures = count.failures; failures < mostOf(limits); failures += 1)
    if (await takePlace({ ...count, failures }, limits, server)) return failures
  return mostOf(limits)
}

/** Starts a counter again. Its places are used once, so the new ones have other keys. */
export async function resetCount(count: FailureCount, limits: CounterLimits, server: CountingServer): Promise<void> {
  const { counter } = count
  const generation = crypto.randomUUID().slice(0, 8)
  // The new generation must not be overlooked while it is in the store.
  await setMarks([count], limits, server)
  await server.stores.state.set(generationOf(counter), generation, server.now() + retentionOf(limits))
}

/** Milliseconds to wait after so many failures. */
export function delayAfter(failures: number, { free, longestDelay }: CounterLimits): number {
  if (failures < free) return 0
  if (failures >= free + MAX_DELAYS) return longestDelay * 1000
  return Math.min(longestDelay, 2 ** (failures - free)) * 1000
}

/** Places are taken from the first on, so the first free one is found in a few steps. */
async function firstFree(key: string, limits: CounterLimits, { stores }: CountingServer): Promise<number> {
  let low = 0
  let high = 1
  const isTaken = async (place: number): Promise<boolean> => (await stores.state.get(`${key}:${place}`)) !== undefined
  while (high <= mostOf(limits) && (await isTaken(high - 1))) {
    low = high
    high *= 2
  }
  high = Math.min(high - 1, mostOf(limits))
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (await isTaken(middle)) low = middle + 1
    else high = middle
  }
  return low
}

function mostOf({ free }: CounterLimits): number {
  return free + MAX_DELAYS
}

function retentionOf({ longestDelay }: CounterLimits): number {
  return longestDelay * 4 * 1000
}

function generationOf(counter: string): string {
  return `${counter}:generation`
}
