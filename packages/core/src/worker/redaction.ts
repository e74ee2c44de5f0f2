import type { TokenSet } from '../protocol/token-set.js'
import { serializeError } from './serialized-error.js'
import type { Redacted } from './worker-api.js'

/**
 * Returns what the page may know of a token set: its expiry, scope and claims. Members are listed one by one, so that a new member of
 * `TokenSet` stays in the worker until it is added here.
 */
export function redactTokenSet(tokenSet: TokenSet): TokenSet {
  const { tokenType, scope, expiresAt, receivedAt, clockOffsetSeconds, signedInAt, sessionState, claims } = tokenSet
  const optional = { scope, expiresAt, clockOffsetSeconds, signedInAt, sessionState, claims }
  const present = Object.entries(optional).filter(([, value]) => value !== undefined)
  return { accessToken: '', tokenType, receivedAt, response: {}, ...Object.fromEntries(present) }
}

/** Returns an event or a result without tokens. */
export function redact<Event extends object>(event: Event): Redacted<Event> {
  const { tokenSet, error } = event as { readonly tokenSet?: TokenSet | undefined; readonly error?: unknown }
  const replaced = tokenSet && { tokenSet: redactTokenSet(tokenSet) }
  const failure = error === undefined ? {} : { error: serializeError(error) }
  return { ...event, ...replaced, ...failure } as unknown as Redacted<Event>
}
