import { counterOf, readCount, type CounterLimits, type FailureCount } from './failure-counter.js'
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

interface Sources {
  readonly networks: readonly string[]
  readonly attempts: number
  readonly read: (
    parts: readonly (string | undefined)[],
    free: number,
    rest: Pick<Counter, 'name' | 'afterwards'>,
  ) => Promise<Counter>
}

/** Reads all counters that a guess is counted by. */
export async function readCounters(
  { request, env, server }: GuessContext,
  guess: Pick<Guess, 'kind' | 'name' | 'userId' | 'sender' | 'others' | 'attemptsFactor'>,
  limits: ResolvedGuessLimits,
): Promise<readonly Counter[]> {
  const { longestDelay, attemptsPerAddress } = limits
  const attempts = limits.attempts * (guess.attemptsFactor ?? 1)
  const targets = [guess, ...(guess.others ?? [])]
  const isByAddress = targets.some(({ sender }) => sender === undefined)
  const networks = isByAddress ? senderNetworks(request, env, limits) : []
  const read: Sources['read'] = async (parts, free, rest) => {
    const count = await readCount(counterOf(parts, server, networks.length === 0), { free, longestDelay }, server)
    return { ...rest, count, free, longestDelay }
  }
  const ofNetworks = await Promise.all(
    networks.map((network, index) => {
      const free = attemptsPerAddress * BUSIEST * (SHARE_OF_NETWORK[index] ?? 1)
      return read([`${guess.kind}-address`, network], free, { name: undefined, afterwards: 'one-each-second' })
    }),
  )
  const isBusy = ofNetworks.some(({ count, free }) => count.failures >= free / BUSIEST)
  if (isBusy) warnOfSharedAddress(request, server, limits)
  const sources = { networks, read, attempts: isBusy ? Math.min(attempts, ATTEMPTS_AT_BUSY_ADDRESS) : attempts }
  const ofTargets = await Promise.all(targets.map((target) => readTarget(guess.kind, target, sources)))
  return [...withoutRepeated(ofTargets.flat()), ...ofNetworks]
}

/** A form with two names of one user has one guess. */
function withoutRepeated(counters: readonly Counter[]): readonly Counter[] {
  return counters.filter(({ count }, index) => counters.findIndex((other) => other.count.counter === count.counter) === index)
}

/** What a user is counted by. The parts of an id and of a name that was typed are never the same. */
function identify({ name, userId }: GuessTarget): readonly (string | undefined)[] {
  if (userId !== undefined) return ['id', userId]
  return name === undefined ? [undefined] : [normalizeName(name)]
}

/** Reads the counter of the user or client and the sender, and for passwords that of the user. */
async function readTarget(
  kind: Guess['kind'],
  target: GuessTarget,
  { networks, attempts, read }: Sources,
): Promise<readonly Counter[]> {
  const { name, sender } = target
  const from = sender ?? networks[0]
  const isPassword = kind === 'password'
  const user = isPassword ? identify(target) : [name]
  // User codes are anyone's, so guesses of unknown senders are counted together.
  if (name === undefined && from === undefined && kind !== 'user-code') return []
  const rest = { name, afterwards: 'delay' } as const
  if (!isPassword || name === undefined || sender !== undefined || from === undefined)
    return [await read([kind, ...user, from], attempts, rest)]
  // It delays no one, since the delay of the attackers would be that of the user.
  const ofUser = await read(['user', ...user], ATTEMPTS_PER_USER, { name: undefined, afterwards: 'nothing' })
  const isUnderAttack = ofUser.count.failures >= ATTEMPTS_PER_USER
  return [await read([kind, ...user, from], isUnderAttack ? 1 : attempts, rest), ofUser]
}
