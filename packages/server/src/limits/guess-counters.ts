import { counterOf, countFailures, findCounters, noFailures, type CounterLimits, type FailureCount } from './failure-counter.js'
import type { Guess, GuessContext, GuessTarget } from './guess.js'
import type { ResolvedGuessLimits } from './guess-limits.js'
import { normalizeName } from './normalize-name.js'
import { senderNetworks } from './sender-address.js'
import { warnOfSharedAddress } from './warn-of-shared-address.js'

/** Wrong passwords of one user from all addresses, after which an address has one attempt before its first delay (NIST SP 800-63B). */
const ATTEMPTS_PER_USER = 100
/** Attempts for each user and client at an address that has many wrong guesses. */
const ATTEMPTS_AT_BUSY_ADDRESS = 3
/** How many times `attemptsPerAddress` an address may have before its guesses are checked one by one. */
const BUSIEST = 10
/** A network of 64 bits, 56 bits and 48 bits: the larger ones have more users. */
const SHARE_OF_NETWORK = [1, 4, 16] as const

/** A counter that a guess is counted by. */
export interface Counter extends CounterLimits {
  readonly count: FailureCount
  /** The name that it is for; undefined if it is for all of an address. */
  readonly name: string | undefined
  /**
   * What happens after too many failures: delays that double; one guess each second, since the users of an address must not lock each
   * other out; or nothing.
   */
  readonly afterwards: 'delay' | 'one-each-second' | 'nothing'
}

/** The counters of a user or client. */
interface TargetCounters {
  readonly name: string | undefined
  /** At this sender. */
  readonly counter: string
  /** From all addresses, for passwords. */
  readonly ofUser?: string | undefined
}

type Parts = readonly (string | undefined)[]
/** What a counter is read with. */
type Rest = Pick<Counter, 'free' | 'name' | 'afterwards'>

/** Reads all counters that a guess is counted by. */
export async function readCounters(
  { request, env, server }: GuessContext,
  guess: Pick<Guess, 'kind' | 'name' | 'userId' | 'sender' | 'others' | 'attemptsFactor'>,
  limits: ResolvedGuessLimits,
): Promise<readonly Counter[]> {
  const { longestDelay } = limits
  const targets: readonly GuessTarget[] = guess.others ? [guess, ...guess.others] : [guess]
  const isByAddress = targets.some(({ sender }) => sender === undefined)
  const networks = isByAddress ? senderNetworks(request, env, limits) : []
  const nameOf = (parts: Parts): string => counterOf(parts, server, networks.length === 0)
  const ofNetworks = networks.map((network) => nameOf([`${guess.kind}-address`, network]))
  const ofTargets = targets.flatMap((target) => targetCounters(guess.kind, target, { networks, nameOf }))
  const names = ofTargets.flatMap(({ counter, ofUser }) => (ofUser === undefined ? [counter] : [counter, ofUser]))
  const found = await findCounters([...new Set([...ofNetworks, ...names])], server)
  const read = async (counter: string, rest: Rest): Promise<Counter> => {
    const stored = found.get(counter)
    const count = stored ? await countFailures(counter, stored, { ...rest, longestDelay }, server) : noFailures(counter)
    return { count, longestDelay, ...rest }
  }
  const counted = await Promise.all(ofNetworks.map((counter, index) => read(counter, networkLimits(index, limits))))
  const isBusy = counted.some(({ count, free }) => count.failures >= free / BUSIEST)
  if (isBusy) warnOfSharedAddress(request, server, limits)
  const allowed = limits.attempts * (guess.attemptsFactor ?? 1)
  const attempts = isBusy ? Math.min(allowed, ATTEMPTS_AT_BUSY_ADDRESS) : allowed
  const all = await Promise.all(ofTargets.map((target) => readTarget(target, attempts, read)))
  return [...withoutRepeated(all.flat()), ...counted]
}

function networkLimits(index: number, { attemptsPerAddress }: ResolvedGuessLimits): Rest {
  const free = attemptsPerAddress * BUSIEST * (SHARE_OF_NETWORK[index] ?? 1)
  return { free, name: undefined, afterwards: 'one-each-second' }
}

/** A form with two names of one user has one guess. */
function withoutRepeated(counters: readonly Counter[]): readonly Counter[] {
  if (counters.length === 1) return counters
  return counters.filter(({ count }, index) => counters.findIndex((other) => other.count.counter === count.counter) === index)
}

/** What a user is counted by. The parts of an id and of a name that was typed are never the same. */
function identify({ name, userId }: GuessTarget): Parts {
  if (userId !== undefined) return ['id', userId]
  return name === undefined ? [undefined] : [normalizeName(name)]
}

/** Returns the counters of the user or client and the sender, and for passwords that of the user. */
function targetCounters(
  kind: Guess['kind'],
  target: GuessTarget,
  { networks, nameOf }: { readonly networks: readonly string[]; readonly nameOf: (parts: Parts) => string },
): readonly TargetCounters[] {
  const { name, sender } = target
  const from = sender ?? networks[0]
  const isPassword = kind === 'password'
  const user = isPassword ? identify(target) : [name]
  // User codes are anyone's, so guesses of unknown senders are counted together.
  if (name === undefined && from === undefined && kind !== 'user-code') return []
  const counter = nameOf([kind, ...user, from])
  if (!isPassword || name === undefined || sender !== undefined || from === undefined) return [{ name, counter }]
  return [{ name, counter, ofUser: nameOf(['user', ...user]) }]
}

async function readTarget(
  { name, counter, ofUser }: TargetCounters,
  attempts: number,
  read: (counter: string, rest: Rest) => Promise<Counter>,
): Promise<readonly Counter[]> {
  const rest = { name, afterwards: 'delay' } as const
  if (ofUser === undefined) return [await read(counter, { free: attempts, ...rest })]
  // It delays no one, since the delay of the attackers would be that of the user.
  const all = await read(ofUser, { free: ATTEMPTS_PER_USER, name: undefined, afterwards: 'nothing' })
  const isUnderAttack = all.count.failures >= ATTEMPTS_PER_USER
  return [await read(counter, { free: isUnderAttack ? 1 : attempts, ...rest }), all]
}
