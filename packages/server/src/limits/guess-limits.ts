import { checkMembers, type MembersOf } from '../options/check-members.js'
import { withoutUndefined, type Defined } from '../options/without-undefined.js'

/** How guessing of passwords, user codes and secrets is limited, in all processes that share the store. */
export interface GuessLimits {
  /** Wrong guesses for one user or client, from one address, until there is a delay. Default 10. */
  readonly attempts?: number | undefined
  /**
   * Wrong guesses from one address, for all users and clients, until each has three attempts there; after ten times as many, the address
   * has one guess each second. Default 100.
   */
  readonly attemptsPerAddress?: number | undefined
  /**
   * Seconds of the longest delay. The first is one second, and each further wrong guess doubles it. Default 900. Wrong guesses are
   * forgotten after four times as long.
   */
  readonly longestDelay?: number | undefined
  /**
   * How many reverse proxies of yours are in front of the server. Each adds the address that it sees to `X-Forwarded-For`. Default 0: the
   * header is ignored, since clients can write into it what they like.
   */
  readonly proxies?: number | undefined
  /**
   * Returns the address of a request; undefined if it is unknown. Default: that of the connection, which the adapters for Node pass on, or
   * the one that `proxies` selects.
   */
  readonly addressOf?: ((request: Request, env: unknown) => string | undefined) | undefined
}

/** The limits with their defaults. */
export type ResolvedGuessLimits = Defined<Required<Omit<GuessLimits, 'addressOf'>>> & Pick<GuessLimits, 'addressOf'>

const DEFAULTS = { attempts: 10, attemptsPerAddress: 100, longestDelay: 900, proxies: 0 } as const
const MEMBERS: MembersOf<GuessLimits> = {
  attempts: true,
  attemptsPerAddress: true,
  longestDelay: true,
  proxies: true,
  addressOf: true,
}

/** Applies the defaults; undefined if the host limits guesses itself. Throws a TypeError for a value that cannot work. */
export function resolveGuessLimits(limits: GuessLimits | false = {}): ResolvedGuessLimits | undefined {
  if (limits === false) return undefined
  checkMembers(limits, MEMBERS, { name: 'guessLimits' })
  const resolved = { ...DEFAULTS, ...withoutUndefined(limits) }
  for (const name of ['attempts', 'attemptsPerAddress'] as const)
    if (!isCount(resolved[name], 1)) throw new TypeError(`guessLimits: "${name}" must be a whole number from 1 to 1000`)
  if (!isCount(resolved.proxies, 0)) throw new TypeError('guessLimits: "proxies" must be a whole number from 0')
  if (!(resolved.longestDelay >= 1)) throw new TypeError('guessLimits: "longestDelay" must be seconds from 1')
  if (resolved.addressOf !== undefined && typeof resolved.addressOf !== 'function')
    throw new TypeError('guessLimits: "addressOf" must be a function')
  return resolved
}

function isCount(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least && value <= 1000
}
