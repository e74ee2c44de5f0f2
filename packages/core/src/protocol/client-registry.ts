import { createError } from '../errors/create-error.js'
import type { ProtocolContext } from './protocol-context.js'
import type { TokenSet } from './token-set.js'

/** What functions over a client (grants, endpoints) need of it beyond its public interface. `client/internals.ts` has the rest. */
export interface ProtocolInternals {
  readonly context: ProtocolContext
  /** See `Session`. */
  readonly session: { moment(isSilent: boolean): object; readonly signal: AbortSignal }
  readonly sessionCalls: () => Promise<GrantCalls>
}

/** The part of the lazily loaded code that grants use. */
export interface GrantCalls {
  /**
   * Ends a sign-in that needed no browser.
   *
   * @param startedAt the moment of the session at which it started: if the user has signed out since, the tokens are dropped
   */
  finishGrant(tokenSet: TokenSet, startedAt: object, reason?: 'login', beforeShown?: () => Promise<void>): Promise<TokenSet>
}

const registry = new WeakMap<object, ProtocolInternals | (() => never)>()

/** @param internals or a function that throws the reason why the client has none */
export function registerInternals(client: object, internals: ProtocolInternals | (() => never)): void {
  registry.set(client, internals)
}

/** @throws ConfigurationError configuration for an object that `createOAuthClient` did not make, unsupported for the client of a worker */
export function protocolInternalsOf(client: object): ProtocolInternals {
  const internals = registry.get(client)
  if (internals) return typeof internals === 'function' ? internals() : internals
  throw createError('configuration', 'This function needs a client made by createOAuthClient().', {
    hint: 'Pass the client itself, not a copy of it, and load @latchkey/core once.',
  })
}
