import { OAuthError } from '../http/oauth-error.js'
import type { RequestContext } from '../http/request-context.js'
import type { ServerContext } from '../options/server-context.js'
import {
  counterOf,
  countFailure,
  delayAfter,
  readCount,
  resetCount,
  takePlace,
  type CounterLimits,
  type FailureCount,
} from './failure-counter.js'
import type { ResolvedGuessLimits } from './guess-limits.js'
import type { NamedUser } from './name-user.js'
import { normalizeName } from './normalize-name.js'
import { senderAddress } from './sender-address.js'

/** A guess at a secret. */
export interface Guess {
  /** What is guessed. */
  readonly kind: 'password' | 'client' | 'user-code' | 'ciba-code' | 'registration'
  /** The user or client whose secret it is; undefined if it is anyone's. */
  readonly name: string | undefined
  /** Who guesses, if that is known better than by an address: an authenticated client, a signed-in user, a known browser. */
  readonly sender?: string | undefined
  /** Returns who an event is about. */
  readonly event?: () => GuessEvent | Promise<GuessEvent>
}

/** Whom the guess concerns. Never a secret, nor a name that the site does not know. */
type GuessEvent = Partial<NamedUser>

/** What the limits need of a request. */
export type GuessContext = Pick<RequestContext, 'request' | 'env' | 'url'> & { readonly server: ServerContext }

/** Wrong passwords of one user from all addresses, after which an address has one attempt before its first delay (NIST SP 800-63B). */
const ATTEMPTS_PER_USER = 100
/** Passwords of one user and sender that are checked at the same time, by each process. */
const MAX_CONCURRENT = 20

/**
 * Checks a guess, unless there were too many wrong ones: for the same user or client by the same sender, or by the same sender at all.
 * Each further one doubles the delay. A user's other browsers and addresses are not affected.
 *
 * @param check returns undefined if the guess is wrong; an OAuthError counts too
 * @throws OAuthError `temporarily_unavailable`: 429 with `Retry-After`, also for a right guess
 */
export async function limitGuesses<Result>(
  context: GuessContext,
  guess: Guess,
  check: () => Promise<Result | undefined>,
): Promise<Result | undefined> {
  const { server } = context
  if (!server.guessLimits) return check()
  const counters = await readCounters(context, guess, server.guessLimits)
  const claims = await claimAll(counters, server).catch((error: unknown) => refuse(error, context, guess))
  const release = enter(server, counters, guess)
  if (!release) return refuse(new TooManyGuesses(1000), context, guess)
  try {
    const result = await check()
    await settle(claims, result !== undefined, server)
    return result
  } catch (error) {
    if (error instanceof OAuthError) await settle(claims, false, server)
    throw error
  } finally {
    release()
  }
}

interface Counter extends CounterLimits {
  readonly count: FailureCount
  /** Whether a right guess starts the counter again. */
  readonly isReset: boolean
  /** Set to false if the counter delays no one. */
  readonly isDelaying: boolean
}

interface Claim extends Counter {
  /** Whether the place of this guess is taken already. */
  readonly isCounted: boolean
}

type CounterReader = (parts: readonly (string | undefined)[], free: number) => Promise<Counter>

async function readCounters(
  { request, env, server }: GuessContext,
  guess: Guess,
  limits: ResolvedGuessLimits,
): Promise<readonly Counter[]> {
  const { longestDelay, attemptsPerAddress } = limits
  const address = guess.sender === undefined ? senderAddress(request, env, limits) : undefined
  const read: CounterReader = async (parts, free) => {
    const count = await readCount(counterOf(parts, server), { free, longestDelay }, server)
    return { count, free, longestDelay, isReset: false, isDelaying: true }
  }
  const ofTarget = await readTarget({ ...guess, address }, limits, read)
  return address === undefined ? ofTarget : [...ofTarget, await read(['address', address], attemptsPerAddress)]
}

/** Reads the counter of the user or client and the sender, and for passwords that of the user. */
async function readTarget(
  { kind, name: typed, sender, address }: Guess & { readonly address: string | undefined },
  { attempts }: ResolvedGuessLimits,
  read: CounterReader,
): Promise<readonly Counter[]> {
  const from = sender ?? address
  const isPassword = kind === 'password'
  const name = isPassword && typed !== undefined ? normalizeName(typed) : typed
  // User codes are anyone's, so guesses of unknown senders are counted together.
  if (name === undefined && from === undefined && kind !== 'user-code') return []
  const isReset = name !== undefined
  if (!isPassword || !isReset || address === undefined) return [{ ...(await read([kind, name, from], attempts)), isReset }]
  // It delays no one, since the delay of the attackers would be that of the user.
  const ofUser = { ...(await read(['user', name], ATTEMPTS_PER_USER)), isDelaying: false }
  const isUnderAttack = ofUser.count.failures >= ATTEMPTS_PER_USER
  return [{ ...(await read([kind, name, from], isUnderAttack ? 1 : attempts)), isReset }, ofUser]
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
  const wait = Math.max(0, ...counters.map(({ count, isDelaying }) => (isDelaying ? count.wait : 0)))
  if (wait > 0) throw new TooManyGuesses(wait)
  const claims: Claim[] = []
  for (const counter of counters) {
    const delay = counter.isDelaying ? delayAfter(counter.count.failures, counter) : 0
    if (delay > 0 && !(await takePlace(counter.count, counter, server))) throw new TooManyGuesses(delay)
    claims.push({ ...counter, isCounted: delay > 0 })
  }
  return claims
}

async function settle(claims: readonly Claim[], isRight: boolean, server: ServerContext): Promise<void> {
  for (const claim of claims) {
    if (isRight && claim.isReset && claim.count.failures > 0) await resetCount(claim.count, claim, server)
    if (!isRight && !claim.isCounted) await countFailure(claim.count, claim, server)
  }
}

/** How many guesses are being checked, by server and counter. */
const inFlight = new WeakMap<object, Map<string, number>>()

/** Notes that a guess is being checked; undefined if too many are. The secrets of clients are not guessable at such a rate. */
function enter(server: ServerContext, [first]: readonly Counter[], { kind }: Guess): (() => void) | undefined {
  if (!first || kind === 'client') return () => undefined
  const counts = inFlight.get(server.stores) ?? new Map<string, number>()
  inFlight.set(server.stores, counts)
  const { counter } = first.count
  const count = counts.get(counter) ?? 0
  if (count >= MAX_CONCURRENT) return undefined
  counts.set(counter, count + 1)
  return () => {
    const left = (counts.get(counter) ?? 1) - 1
    if (left > 0) counts.set(counter, left)
    else counts.delete(counter)
  }
}

async function refuse(error: unknown, { server, url }: GuessContext, { event }: Guess): Promise<never> {
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
