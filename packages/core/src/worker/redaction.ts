import type { ClientEvents } from '../client/events.js'
import type { LoginResult } from '../sign-in/sign-in-options.js'
import type { SessionState } from '../session/session-state.js'
import type { TokenSet } from '../protocol/token-set.js'
import type { TransferableState } from './messages.js'
import { toTransferableError } from './transferable-error.js'

/**
 * What the page may know of a token set: when it expires, what it is for, and whose it is. Members are named one by one, so that a
 * new member of `TokenSet` stays in the worker until somebody lets it out.
 */
export function redactTokenSet(tokenSet: TokenSet): TokenSet {
  const { tokenType, scope, expiresAt, receivedAt, clockOffsetSeconds, signedInAt, sessionState, claims } = tokenSet
  return {
    accessToken: '',
    tokenType,
    receivedAt,
    response: {},
    ...(scope === undefined ? {} : { scope }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(clockOffsetSeconds === undefined ? {} : { clockOffsetSeconds }),
    ...(signedInAt === undefined ? {} : { signedInAt }),
    ...(sessionState === undefined ? {} : { sessionState }),
    ...(claims === undefined ? {} : { claims }),
  }
}

export function redactState({ status, activity, error, claims, tokenSet }: SessionState<unknown>): TransferableState {
  const common = { activity, error: error && toTransferableError(error) }
  return (
    status === 'signed-in' ? { ...common, status, claims, tokenSet: redactTokenSet(tokenSet) } : { ...common, status }
  ) as TransferableState
}

export function redactResult(result: LoginResult | undefined): LoginResult | undefined {
  return result && { ...result, tokenSet: redactTokenSet(result.tokenSet) }
}

/** @returns the event's payload without tokens, its error in a form that can be sent */
export function redactEvent(event: ClientEvents[keyof ClientEvents]): unknown {
  return {
    ...event,
    ...('tokenSet' in event ? { tokenSet: redactTokenSet(event.tokenSet) } : {}),
    ...('error' in event && event.error ? { error: toTransferableError(event.error) } : {}),
  }
}
