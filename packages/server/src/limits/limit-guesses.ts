// cspell:ignore fencedframe
import { OAuthError } from '../http/oauth-error.js'
import type { ServerContext } from '../options/server-context.js'
import { countFailure, delayAfter, readCount, resetCount, setMarks, takePlace, takeSecond } from './failure-counter.js'
import type { Guess, GuessContext } from './guess.js'
import { readCounters, type Counter } from './guess-counters.js'
import { isRunning, settleTogether } from './settle-together.js'

/** Passwords of one user and sender that are checked at the same time, by each process. */
const MAX_CONCURRENT = 20
/** Destinations of requests that a page makes without the user. */
const FRAMES: ReadonlySet<string> = new Set(['iframe', 'frame', 'embed', 'object', 'fencedframe'])

/**
 * Checks a guess, unless there were too many wrong ones: for the same user or client by the same sender, or by the same sender at all.
 * Each further one doubles the delay. A user's other browsers and addresses are not affected.
 *
 * @param check returns undefined if the guess is wrong; an OAuthError counts too
 * @throws OAuthError `temporarily_unavailable`: 429 with `Retry-After`, also for a right guess
 */
export async function limitGuesses<Result>(
  context: GuessContext,
  guess: Guess<Result>,
  check: () => Promise<Result | undefined>,
): Promise<Result | undefined> {
  const { server } = context
  if (!server.guessLimits) return check()
  if (!guess.isEmbeddable && isEmbedded(context.request))
    throw new OAuthError('invalid_request', 'another site has embedded this request', { status: 403 })
  const counters = await readCounters(context, guess, server.guessLimits)
  const isFresh = counters.every(({ count }) => count.failures === 0)
  const known = isFresh ? checkNow(counters, guess, server) : undefined
  if (known !== undefined) return known
  // A wrong guess must be known to those that arrive with it, so nothing is awaited before it is.
  const claims = isFresh
    ? counters.map((counter) => ({ isCounted: false, ...counter }))
    : await claimAll(counters, server).catch((error: unknown) => refuse(error, context, guess))
  const release = enter(server, counters, guess.kind)
  if (!release) return refuse(new TooManyGuesses(1000), context, guess)
  const accept = async (result: Result | undefined): Promise<Result | undefined> => {
    if (result !== undefined) await resetCounts(claims, server, async (name) => (await guess.isOf?.(name, result)) ?? true)
    return result
  }
  const count = async (): Promise<void> => {
    const wait = await countWrong(claims, server)
    if (guess.kind === 'client' && wait > 0) await refuse(new TooManyGuesses(wait), context, guess)
  }
  const checkAndCount = async (): Promise<Result | undefined> => {
    const result = await check().catch(async (error: unknown) => {
      if (error instanceof OAuthError) await count()
      throw error
    })
    if (result === undefined) await count()
    return result
  }
  try {
    if (guess.kind !== 'client') return await accept(await checkAndCount())
    const names = delayed(claims).map(({ count: { counter } }) => counter)
    const { result, hadWrong } = await settleTogether(server.stores, names, checkAndCount)
    // Secrets of one client that arrive at the same time get no more results, right or wrong, than secrets that arrive one by one.
    const wait = hadWrong && result !== undefined ? await waitNow(claims, server) : 0
    if (wait > 0) await refuse(new TooManyGuesses(wait), context, guess)
    return await accept(result)
  } finally {
    release()
  }
}

/**
 * Checks a client that has guessed nothing wrong, as nearly all have not, if no other guess is being checked or counted. Undefined if it
 * cannot be checked so, or is wrong: then it is checked and counted as all others.
 */
function checkNow<Result>(counters: readonly Counter[], guess: Guess<Result>, { stores }: ServerContext): Result | undefined {
  if (guess.kind !== 'client' || !guess.checkNow) return undefined
  const isAlone = counters.every(({ count, afterwards }) => afterwards !== 'delay' || !isRunning(stores, count.counter))
  return isAlone ? guess.checkNow() : undefined
}

/** The counters whose delay is still to come. */
function delayed(claims: readonly Claim[]): readonly Claim[] {
  return claims.filter(({ afterwards, isCounted }) => afterwards === 'delay' && !isCounted)
}

/** Returns the milliseconds to wait by what has been counted meanwhile. */
async function waitNow(claims: readonly Claim[], server: ServerContext): Promise<number> {
  const counts = await Promise.all(delayed(claims).map((one) => readCount(one.count.counter, one, server)))
  return Math.max(0, ...counts.map(({ wait }) => wait))
}

/** Throws what {@link limitGuesses} would throw before its check, for requests whose check costs much. */
export async function throwIfDelayed(context: GuessContext, guess: Omit<Guess, 'isOf'>): Promise<void> {
  const { guessLimits } = context.server
  if (!guessLimits) return
  const wait = longestWait(await readCounters(context, guess, guessLimits))
  if (wait > 0) await refuse(new TooManyGuesses(wait), context, guess)
}

function longestWait(counters: readonly Counter[]): number {
  return Math.max(0, ...counters.map(({ count, afterwards }) => (afterwards === 'delay' ? count.wait : 0)))
}

/**
 * A page of another site, port or subdomain must not spend the guesses of its visitors by images, frames and requests whose responses it
 * cannot read.
 */
function isEmbedded({ headers }: Request): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== 'cross-site' && site !== 'same-site') return false
  return headers.get('sec-fetch-mode') === 'no-cors' || FRAMES.has(headers.get('sec-fetch-dest') ?? '')
}

interface Claim extends Counter {
  /** Whether the place of this guess is taken already. */
  readonly isCounted: boolean
}

class TooManyGuesses extends Error {
  /** Milliseconds. */
  readonly wait: number

  constructor(wait: number) {
    super('too many guesses')
    this.wait = wait
  }
}

/** Once there are delays, each guess takes its place before it is checked: of several at the same time, one is. */
async function claimAll(counters: readonly Counter[], server: ServerContext): Promise<readonly Claim[]> {
  const wait = longestWait(counters)
  if (wait > 0) throw new TooManyGuesses(wait)
  const claims: Claim[] = []
  for (const counter of counters) {
    const delay = counter.afterwards === 'nothing' ? 0 : delayAfter(counter.count.failures, counter)
    if (delay > 0) await claim(counter, delay, server)
    claims.push({ isCounted: delay > 0, ...counter })
  }
  return claims
}

/** Takes the place of a guess, or throws. */
async function claim(counter: Counter, delay: number, server: ServerContext): Promise<void> {
  await setMarks([counter.count], counter, server)
  const isFirst =
    counter.afterwards === 'delay' ? await takePlace(counter.count, counter, server) : await takeSecond(counter.count, server)
  if (!isFirst) throw new TooManyGuesses(counter.afterwards === 'delay' ? delay : 1000)
}

/** Returns the milliseconds that this guess would have had to wait for, if the others that were counted meanwhile had come first. */
async function countWrong(claims: readonly Claim[], server: ServerContext): Promise<number> {
  let wait = 0
  const uncounted = claims.filter(({ isCounted }) => !isCounted)
  const [first] = uncounted
  if (!first) return 0
  await setMarks(
    uncounted.map(({ count }) => count),
    first,
    server,
  )
  for (const { isCounted: _, ...counter } of uncounted) {
    const before = await countFailure(counter.count, counter, server)
    if (counter.afterwards === 'delay') wait = Math.max(wait, delayAfter(before, counter))
  }
  return wait
}

async function resetCounts(
  claims: readonly Claim[],
  server: ServerContext,
  isOf: (name: string) => Promise<boolean>,
): Promise<void> {
  for (const { name, count, ...limits } of claims)
    if (name !== undefined && count.failures > 0 && (await isOf(name))) await resetCount(count, limits, server)
}

/** How many guesses are being checked, by server and counter. */
const inFlight = new WeakMap<object, Map<string, number>>()

/** Notes that a guess is being checked; undefined if too many are. The secrets of clients are not guessable at such a rate. */
function enter({ stores }: ServerContext, counters: readonly Counter[], kind: Guess['kind']): (() => void) | undefined {
  if (kind === 'client') return () => undefined
  const counts = inFlight.get(stores) ?? new Map<string, number>()
  inFlight.set(stores, counts)
  const keys = counters.filter(({ afterwards }) => afterwards === 'delay').map(({ count }) => count.counter)
  if (keys.some((key) => (counts.get(key) ?? 0) >= MAX_CONCURRENT)) return undefined
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return () => {
    for (const key of keys) {
      const left = (counts.get(key) ?? 1) - 1
      if (left > 0) counts.set(key, left)
      else counts.delete(key)
    }
  }
}

async function refuse(error: unknown, { server, url }: GuessContext, { event }: Pick<Guess, 'event'>): Promise<never> {
  if (!(error instanceof TooManyGuesses)) throw error
  server.emit({ type: 'rate_limited', endpoint: url.pathname.slice(server.path.length), ...(await event?.()) })
  const headers = { 'retry-after': String(Math.ceil(error.wait / 1000)) }
  throw new OAuthError('temporarily_unavailable', 'too many wrong attempts: try again later', { status: 429, headers })
}

/** Returns the seconds to wait if an error says that there were too many guesses. */
export function secondsToWait(error: unknown): number | undefined {
  const isLimit = error instanceof OAuthError && error.status === 429
  return isLimit ? Number(error.headers['retry-after'] ?? 1) : undefined
}
