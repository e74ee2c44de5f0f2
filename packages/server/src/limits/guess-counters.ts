import {
  counterOf,
  countFailures,
  findCounters,
  hasNone,
  noFailures,
  ownMark,
  type CounterLimits,
  type FailureCount,
  type NamedCounter,
} from './failure-counter.js'
import type { Guess, GuessContext, GuessTarget } from './guess.js'
import type { ServerContext } from '../options/server-context.js'
import type { ResolvedGuessLimits } from './guess-limits.js'
import { normalizeName } from './normalize-name.js'
import { networksOf, senderAddress } from './sender-address.js'
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
  readonly atSender: NamedCounter
  /** From all addresses, for passwords. */
  readonly ofUser?: NamedCounter | undefined
}

/** Everything that a guess is counted by. */
interface GuessCounters {
  readonly ofNetworks: readonly NamedCounter[]
  readonly ofTargets: readonly TargetCounters[]
  /** Without repetitions. */
  readonly names: readonly string[]
  readonly marks: readonly string[]
  /** The counters as they are without any failure. */
  readonly fresh: readonly Counter[]
}

type Parts = readonly (string | undefined)[]
/** What a counter is read with. */
type Rest = Pick<Counter, 'free' | 'name' | 'afterwards'>

/** It delays no one, since the delay of the attackers would be that of the user. */
const OF_USER: Rest = { free: ATTEMPTS_PER_USER, name: undefined, afterwards: 'nothing' }

type Target = Pick<Guess, 'kind' | 'name' | 'userId' | 'sender' | 'others' | 'attemptsFactor'>

/** Reads all counters that a guess is counted by. */
export async function readCounters(
  { request, env, server }: GuessContext,
  guess: Target,
  limits: ResolvedGuessLimits,
): Promise<readonly Counter[]> {
  const counters = countersOf(guess, senderAddress(request, env, limits), { limits, server })
  if (await hasNone(counters.marks, server)) return counters.fresh
  const { longestDelay } = limits
  const found = await findCounters(counters.names, server)
  const read = async (named: NamedCounter, rest: Rest): Promise<Counter> => {
    const stored = found.get(named.counter)
    const count = stored ? await countFailures(named, stored, { ...rest, longestDelay }, server) : noFailures(named)
    return { count, longestDelay, ...rest }
  }
  const { ofNetworks, ofTargets } = counters
  const counted = await Promise.all(ofNetworks.map((named, index) => read(named, networkLimits(index, limits))))
  const isBusy = counted.some(({ count, free }) => count.failures >= free / BUSIEST)
  if (isBusy) warnOfSharedAddress(request, server, limits)
  const allowed = attemptsOf(guess, limits)
  const attempts = isBusy ? Math.min(allowed, ATTEMPTS_AT_BUSY_ADDRESS) : allowed
  const all = await Promise.all(ofTargets.map((target) => readTarget(target, attempts, read)))
  return [...withoutRepeated(all.flat()), ...counted]
}

interface CountingServer {
  readonly limits: ResolvedGuessLimits
  readonly server: Pick<ServerContext, 'secret'>
}

/** Counters that are kept for each server: those of the clients and addresses that sent a request last. */
const MAX_KEPT = 500

const kept = new WeakMap<ResolvedGuessLimits, Map<string, GuessCounters>>()

/** Returns the counters of a guess. Those of clients come again with each request, so they are kept; strangers choose other names. */
function countersOf(guess: Target, address: string | undefined, counting: CountingServer): GuessCounters {
  if (guess.kind !== 'client' || guess.others) return nameCounters(guess, address, counting)
  const known = kept.get(counting.limits) ?? new Map<string, GuessCounters>()
  kept.set(counting.limits, known)
  const key = JSON.stringify([guess.name, guess.sender, guess.attemptsFactor, address])
  const counters = known.get(key) ?? nameCounters(guess, address, counting)
  if (known.size === MAX_KEPT && !known.has(key)) known.clear()
  known.set(key, counters)
  return counters
}

function nameCounters(guess: Target, address: string | undefined, { limits, server }: CountingServer): GuessCounters {
  const targets: readonly GuessTarget[] = guess.others ? [guess, ...guess.others] : [guess]
  const isByAddress = targets.some(({ sender }) => sender === undefined)
  const networks = isByAddress ? networksOf(address) : []
  const nameOf = (parts: Parts): string => counterOf(parts, server, networks.length === 0)
  const names = networks.map((network) => nameOf([`${guess.kind}-address`, network]))
  // What is counted for an address is counted for its largest network too, whose mark tells of all of them.
  const mark = ownMark(names.at(-1) ?? '').mark
  const ofNetworks = names.map((counter) => ({ counter, mark }))
  const atAddress = (counter: string): NamedCounter => (networks.length === 0 ? ownMark(counter) : { counter, mark })
  const ofTargets = targets.flatMap((target) => targetCounters(guess.kind, target, { networks, nameOf, atAddress }))
  const all = [...ofNetworks, ...ofTargets.flatMap(({ atSender, ofUser }) => (ofUser ? [atSender, ofUser] : [atSender]))]
  const attempts = attemptsOf(guess, limits)
  const fresh = [
    ...withoutRepeated(ofTargets.flatMap((target) => freshTarget(target, attempts, limits))),
    ...ofNetworks.map((named, index) => freshCounter(named, networkLimits(index, limits), limits)),
  ]
  return {
    ofNetworks,
    ofTargets,
    names: [...new Set(all.map(({ counter }) => counter))],
    marks: [...new Set(all.map((named) => named.mark))],
    fresh,
  }
}

/** Returns a counter without failures. */
function freshCounter(named: NamedCounter, rest: Rest, { longestDelay }: ResolvedGuessLimits): Counter {
  return { count: noFailures(named), longestDelay, ...rest }
}

function freshTarget({ name, atSender, ofUser }: TargetCounters, free: number, limits: ResolvedGuessLimits): readonly Counter[] {
  const own = freshCounter(atSender, { free, name, afterwards: 'delay' }, limits)
  return ofUser ? [own, freshCounter(ofUser, OF_USER, limits)] : [own]
}

function attemptsOf({ attemptsFactor = 1 }: Target, { attempts }: ResolvedGuessLimits): number {
  return attempts * attemptsFactor
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

interface Naming {
  readonly networks: readonly string[]
  readonly nameOf: (parts: Parts) => string
  readonly atAddress: (counter: string) => NamedCounter
}

/** Returns the counters of the user or client and the sender, and for passwords that of the user. */
function targetCounters(kind: Guess['kind'], target: GuessTarget, naming: Naming): readonly TargetCounters[] {
  const { networks, nameOf, atAddress } = naming
  const { name, sender } = target
  const from = sender ?? networks[0]
  const isPassword = kind === 'password'
  const user = isPassword ? identify(target) : [name]
  // User codes are anyone's, so guesses of unknown senders are counted together.
  if (name === undefined && from === undefined && kind !== 'user-code') return []
  const counter = nameOf([kind, ...user, from])
  const atSender = sender === undefined ? atAddress(counter) : ownMark(counter)
  if (!isPassword || name === undefined || sender !== undefined || from === undefined) return [{ name, atSender }]
  return [{ name, atSender, ofUser: ownMark(nameOf(['user', ...user])) }]
}

async function readTarget(
  { name, atSender, ofUser }: TargetCounters,
  attempts: number,
  read: (named: NamedCounter, rest: Rest) => Promise<Counter>,
): Promise<readonly Counter[]> {
  const rest = { name, afterwards: 'delay' } as const
  if (ofUser === undefined) return [await read(atSender, { free: attempts, ...rest })]
  const all = await read(ofUser, OF_USER)
  const isUnderAttack = all.count.failures >= ATTEMPTS_PER_USER
  return [await read(atSender, { free: isUnderAttack ? 1 : attempts, ...rest }), all]
}
