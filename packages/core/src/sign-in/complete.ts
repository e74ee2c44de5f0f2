import { createError } from '../errors/create-error.js'
import { OAuthClientError } from '../errors/errors.js'
import type { Emitter } from '../platform/emitter.js'
import { protocol } from '../protocol/index.js'
import type { ProtocolContext } from '../protocol/protocol.js'
import type { SessionEvents } from '../session/session-options.js'
import type { Session } from '../session/session.js'
import { establishSession } from '../session/write-session.js'
import type { RedirectGuard } from './redirect-guard.js'
import { parseState, readResponse } from './response-url.js'
import { showReturnTo } from './return-to.js'
import type { LoginResult, SignInConfig, SignInEvents } from './sign-in-options.js'
import { allowSilentSignIn, isSilentSignInBlocked } from './silent-sign-in-block.js'
import type { Transaction } from './transaction.js'
import type { TransactionStore } from './transaction-store.js'

/** What the start and the completion of a sign-in need of their client. */
export interface CompletionParts {
  readonly config: SignInConfig
  readonly session: Session
  readonly context: ProtocolContext
  readonly events: Emitter<SessionEvents & SignInEvents>
  readonly transactions: TransactionStore
  readonly redirects: RedirectGuard
}

/** Completes the response in the page's own URL, of a sign-in or of the end session endpoint. */
export async function completePageResponse(parts: CompletionParts, url: URL): Promise<LoginResult | undefined> {
  const page = parts.config.environment.window
  parts.redirects.stopWaiting()
  const result = await completeResponse(parts, url).catch((cause: unknown) => ignoreLoginRequired(parts, cause))
  if (result && page) showReturnTo(page, result.returnTo)
  return result
}

/** A silent sign-in that ends in `login_required` is not an error: the user never requested it. */
function ignoreLoginRequired({ config, session }: CompletionParts, cause: unknown): undefined {
  const isInteractionRequired = cause instanceof OAuthClientError && cause.code === 'interaction_required'
  if (!isInteractionRequired || !isSilentSignInBlocked(config.tab, 'redirect')) throw cause
  session.dispatch({ type: 'login_abandoned' })
  return undefined
}

/**
 * Completes a URL that the app passed in and that does not look like this client's. A request with a custom `state` may wait for it. If
 * none does, nothing changes and the URL is reported, but it is not an error.
 */
export async function completeForeignResponse(parts: CompletionParts, url: URL): Promise<LoginResult | undefined> {
  return readResponse(url)?.isAuthorizationResponse ? completeResponse(parts, url).catch(ignoreUnknownState) : undefined
}

function ignoreUnknownState(cause: unknown): undefined {
  if (cause instanceof OAuthClientError && cause.code === 'mismatching_state') return undefined
  throw cause
}

/**
 * From the callback URL to the session: takes the transaction, checks the response, redeems the code, and writes the session.
 *
 * @returns undefined for the redirect after a sign-out, a response that no request waits for, and one that arrives after a sign-out
 */
export async function completeResponse(
  parts: CompletionParts,
  url: URL,
  isOver: () => boolean = parts.session.watchLogout(),
): Promise<LoginResult | undefined> {
  const { session, context, events, config, transactions, redirects } = parts
  const state = readResponse(url)?.state
  const transaction = state === undefined ? undefined : await transactions.take(state)
  if (isOfLogout(transaction, state)) return completeLogout(parts, transaction)
  if (!transaction) return rejectUnknownState(parts)
  if (isOver()) return dropLateResponse(parts)
  session.dispatch({ type: 'login_started' })
  await transactions.restoreServer(context)
  const response = await protocol.processAuthorizationResponse(context, url, transaction)
  if (transaction.responseType === 'none') return finishWithoutTokens(parts, transaction)
  const tokenSet = { ...response, signedInAt: response.receivedAt }
  const reason = transaction.transport === 'iframe' ? 'silent' : 'login'
  const isWritten = await establishSession(session, { tokenSet, reason }, isOver, transaction.expectedRevision)
  if (!isWritten) return dropLateResponse(parts)
  redirects.reset()
  allowSilentSignIn(config.tab)
  const returnTo = transaction.returnTo ?? '/'
  events.emit('signed-in', { tokenSet, returnTo })
  return { tokenSet, returnTo }
}

/** The redirect after a sign-out, with our `state` or a custom one. @see OpenID Connect RP-Initiated Logout 1.0, section 3 */
function isOfLogout(transaction: Transaction | undefined, state: string | undefined): boolean {
  return transaction?.transport === 'logout' || parseState(state)?.kind === 'o'
}

function completeLogout({ events }: CompletionParts, transaction: Transaction | undefined): undefined {
  if (!transaction) events.emit('callback-ignored', { reason: 'no sign-out of this browser has the "state" of this response' })
  return undefined
}

/** A reload, the back button, a second tab, or a forged response. Nothing changes, and a user who is signed in sees no error. */
async function rejectUnknownState({ session, events }: CompletionParts): Promise<undefined> {
  events.emit('callback-ignored', { reason: 'no authorization request in flight has the "state" of this response' })
  await session.adopt()
  if (session.state.status === 'signed-in') return undefined
  throw createError('mismatching_state', 'no request of this browser has the "state" of the authorization response', {
    hint: 'It was used before, is older than ten minutes, or was started in another browser. Sign in again.',
    spec: 'RFC 6749, section 10.12',
  })
}

/** `response_type=none` requests only a decision: the response contains nothing to sign in with. */
function finishWithoutTokens({ config, redirects, session }: CompletionParts, { transport, returnTo }: Transaction): undefined {
  const page = config.environment.window
  redirects.reset()
  session.dispatch({ type: 'login_abandoned' })
  if (page && transport === 'redirect' && returnTo !== undefined) showReturnTo(page, returnTo)
}

/** The user signed out while the response was in flight: it is dropped, without an error. */
async function dropLateResponse({ session, events }: CompletionParts): Promise<undefined> {
  events.emit('callback-ignored', { reason: 'the session was ended while this response was on its way' })
  await session.adopt()
  if (session.state.activity === 'signing-in') session.dispatch({ type: 'login_abandoned' })
  return undefined
}
