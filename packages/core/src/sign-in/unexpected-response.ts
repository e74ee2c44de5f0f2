import { createError } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import { serverWords } from '../protocol/server-errors.js'
import type { FlowParts, FlowResult } from './authorization-flow.js'
import { readResponse } from './response-url.js'
import type { Transaction } from './transaction-store.js'

const NOT_IN_FLIGHT = 'no authorization request in flight has the "state" of this response'

export function completeLogout({ events }: FlowParts, transaction: Transaction | undefined): undefined {
  if (!transaction) events.emit('callback-ignored', { reason: 'no sign-out of this browser has the "state" of this response' })
  return undefined
}

/**
 * A reload, the back button, a second tab, a forged response, or one that is too late. Nothing changes, and a user who is signed in sees
 * no error.
 *
 * @param expired the transaction of a response that is too late: the app continues where the sign-in started
 */
export async function rejectUnknownState(
  { session, events }: FlowParts,
  url: URL,
  isStrict: boolean,
  expired: Transaction | undefined,
): Promise<FlowResult | undefined> {
  const reason = expired ? 'its authorization request is more than ten minutes old' : NOT_IN_FLIGHT
  events.emit('callback-ignored', { reason })
  await session.adopt()
  if (!isStrict && session.state.status === 'signed-in') return expired && finishWithoutTokens({ session }, expired)
  const { returnTo } = expired ?? {}
  throw expired
    ? Object.assign(createError('mismatching_state', ['late', reason]), returnTo !== undefined && { returnTo })
    : unknownState(url)
}

/** A server that cannot read a request responds without its `state`: any page could have sent that, but it may say what is wrong. */
function unknownState(url: URL): OAuthClientError {
  const { state, params } = readResponse(url) ?? {}
  const words = state === undefined && params ? serverWords((name) => params.get(name)) : {}
  return createError('mismatching_state', ['unknownState', words.error, words.errorDescription], words)
}

/** `response_type=none` requests only a decision: the response contains nothing to sign in with. */
export function finishWithoutTokens({ session }: Pick<FlowParts, 'session'>, { transport, returnTo }: Transaction): FlowResult {
  session.dispatch({ type: 'login_abandoned' })
  return { tokenSet: undefined, returnTo: transport === 'redirect' ? returnTo : undefined }
}
