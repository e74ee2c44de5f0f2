import { createError } from '../errors/create-error.js'
import { type ConfigurationError, OAuthClientError } from '../errors/errors.js'
import { refuseAborted } from '../platform/abort.js'
import { carryServer, unpackServer } from './carried-server.js'
import type { LoginOptions, LoginResult } from './sign-in-options.js'
import { pageStorage } from '../storage/tab-storage.js'
import { createAuthorizationRequest } from '../protocol/authorization-request.js'
import { processAuthorizationResponse } from '../protocol/process-response.js'
import { createRedirectMemory, type RedirectMemory } from './redirect-guard.js'
import { createState, parseState, readResponse, type StateKind } from './response-url.js'
import { checkReturnTo } from './return-to.js'
import { endSilence, isSilenced } from './silence.js'
import { establishSession } from '../session/write-session.js'
import { showReturnTo } from './show-return-to.js'
import type { SignInParts } from './sign-in.js'
import type { BegunTrip } from './start.js'
import type { Transaction } from './transaction.js'
import { createTransactionStore, type TransactionStore } from './transaction-store.js'

const KINDS: Readonly<Record<string, StateKind>> = { redirect: 'r', popup: 'p', iframe: 'i' }

export interface TravelInput {
  readonly options: LoginOptions
  readonly returnTo: string | undefined
  /** The answer must be for this user. */
  readonly expectedSubject?: string | undefined
  /** The session it renews, which must still be stored when the answer is there. */
  readonly expectedRevision?: string | undefined
  /** Whether the answer comes too late. Default: when the person has signed out meanwhile. */
  readonly isOver?: () => boolean
}

/**
 * From the click to the session: builds the authorization request, writes the transaction, makes the trip, handles the response.
 *
 * @returns undefined when a redirect came back to the same page without having left, or when a sign-out came before the answer
 */
export async function travel(
  parts: SignInParts,
  { transport, trip }: BegunTrip,
  input: TravelInput,
): Promise<LoginResult | undefined> {
  const { config, context } = parts
  const { options: login, expectedSubject, expectedRevision } = input
  const isOver = input.isOver ?? parts.session.watchLogout()
  const returnTo = checkedReturnTo(parts, input.returnTo)
  const redirectUri = login.redirectUri ?? config.redirectUri
  if (!redirectUri) throw missingRedirectUri()
  const state = createState(config.key, KINDS[transport.name] ?? 'x')
  const { url, expectation } = await createAuthorizationRequest(context, { parameters: login, state, redirectUri })
  await transactionsOf(parts).write({
    ...expectation,
    returnTo,
    transport: transport.name,
    createdAt: config.environment.now(),
    expectedSubject,
    expectedRevision,
  })
  refuseAborted(login.signal)
  if (transport.name === 'redirect') await leave(parts, state)
  const callbackUrl = await trip.navigate({ url, state, redirectUri, signal: login.signal })
  return callbackUrl ? completeResponse(parts, callbackUrl, isOver) : comeBack(parts)
}

async function leave(parts: SignInParts, state: string): Promise<void> {
  await carryServer(parts)
  redirectsOf(parts).leave(state)
}

/** Out of the back/forward cache: the tab is here again, and waits for nothing. */
function comeBack(parts: SignInParts): undefined {
  redirectsOf(parts).back()
}

/** The page itself came back from the authorization server, or from its end session endpoint. */
export async function handlePageResponse(parts: SignInParts, url: URL): Promise<LoginResult | undefined> {
  const page = parts.config.environment.window
  redirectsOf(parts).back()
  const result = await completeResponse(parts, url).catch((cause: unknown) => forgiveSilence(parts, cause))
  if (result && page) showReturnTo(page, result.returnTo)
  return result
}

/**
 * A URL that the app handed in and that does not look like this client's. A request with a `state` of the app's own may wait for it; else
 * it changes nothing, is reported, and is no failure.
 */
export async function handleForeignResponse(parts: SignInParts, url: URL): Promise<LoginResult | undefined> {
  return readResponse(url)?.isAuthorizationResponse ? completeResponse(parts, url).catch(forgiveForeign) : undefined
}

function forgiveForeign(cause: unknown): undefined {
  if (cause instanceof OAuthClientError && cause.code === 'mismatching_state') return undefined
  throw cause
}

/** Nobody asked for a silent trip, so that it found nobody signed in is no failure to show. */
function forgiveSilence({ config, session }: SignInParts, cause: unknown): undefined {
  const isNobody = cause instanceof OAuthClientError && cause.code === 'interaction_required'
  if (!isNobody || !isSilenced(config, 'redirect')) throw cause
  session.dispatch({ type: 'login_abandoned' })
  return undefined
}

/**
 * Takes the transaction, redeems the response, and makes the session.
 *
 * @returns undefined for the return from a sign-out, a response nobody waits for, and one that a sign-out came before
 */
export async function completeResponse(
  parts: SignInParts,
  url: URL,
  isOver: () => boolean = parts.session.watchLogout(),
): Promise<LoginResult | undefined> {
  const { session, context, events } = parts
  const state = readResponse(url)?.state
  const transaction = state === undefined ? undefined : await transactionsOf(parts).take(state)
  if (isOfLogout(transaction, state)) return completeLogout(parts, transaction)
  if (!transaction) return ignore(parts)
  if (isOver()) return overtake(parts)
  session.dispatch({ type: 'login_started' })
  await unpackServer(parts)
  const answer = await processAuthorizationResponse(context, url, transaction)
  if (transaction.responseType === 'none') return abandonEmpty(parts, transaction)
  const tokenSet = { ...answer, signedInAt: answer.receivedAt }
  const reason = transaction.transport === 'iframe' ? 'silent' : 'login'
  if (!(await establishSession(session, { tokenSet, reason }, isOver, transaction.expectedRevision))) return overtake(parts)
  redirectsOf(parts).reset()
  endSilence(parts.config)
  const returnTo = transaction.returnTo ?? '/'
  events.emit('signed-in', { tokenSet, returnTo })
  return { tokenSet, returnTo }
}

/** The return from a sign-out, by a state of ours or of the app's own. @see OpenID Connect RP-Initiated Logout 1.0, section 3 */
function isOfLogout(transaction: Transaction | undefined, state: string | undefined): boolean {
  return transaction?.transport === 'logout' || parseState(state)?.kind === 'o'
}

function completeLogout({ events }: SignInParts, transaction: Transaction | undefined): undefined {
  if (!transaction) events.emit('callback-ignored', { reason: 'no sign-out of this browser has the "state" of this response' })
  return undefined
}

/** A reload, the back button, a second tab, or a forgery. Nothing is changed; who is signed in stays so without an error. */
async function ignore({ session, events }: SignInParts): Promise<undefined> {
  events.emit('callback-ignored', { reason: 'no authorization request in flight has the "state" of this response' })
  await session.adopt()
  if (session.state.status === 'signed-in') return undefined
  throw createError('mismatching_state', 'the authorization response has a "state" that no request of this browser waits for', {
    hint: 'It was used before, is older than ten minutes, or was started in another browser. Sign in again.',
    spec: 'RFC 6749, section 10.12',
  })
}

/** `response_type=none` asks for a decision alone: nothing came that could be signed in with. */
function abandonEmpty(parts: SignInParts, { transport, returnTo }: Transaction): undefined {
  const page = parts.config.environment.window
  redirectsOf(parts).reset()
  parts.session.dispatch({ type: 'login_abandoned' })
  if (page && transport === 'redirect' && returnTo !== undefined) showReturnTo(page, returnTo)
}

/** Who signed out while the answer was on its way has signed out: the answer is dropped, and no error is shown for it. */
async function overtake({ session, events }: SignInParts): Promise<undefined> {
  events.emit('callback-ignored', { reason: 'the session was ended while this response was on its way' })
  await session.adopt()
  if (session.state.activity === 'signing-in') session.dispatch({ type: 'login_abandoned' })
  return undefined
}

/** Writes the transaction of a request that leaves by other means than `travel`, perhaps with a `state` of the app's own. */
export async function remember(
  parts: Pick<SignInParts, 'config' | 'records' | 'storage'>,
  transaction: Transaction,
): Promise<void> {
  await transactionsOf(parts).write(transaction)
  // Nothing but a note tells such a state from that of another library.
  if (!parseState(transaction.state)) redirectsOf(parts).expect(transaction.state)
}

/** Authorization requests that nobody came back from. */
export function sweepTransactions(parts: SignInParts): Promise<void> {
  return transactionsOf(parts).sweep()
}

export function transactionsOf(parts: Pick<SignInParts, 'config' | 'records' | 'storage'>): TransactionStore {
  const { environment, key } = parts.config
  const { window: page, now } = environment
  return createTransactionStore(parts, `latchkey/${key}`, { storage: pageStorage(page), isPage: page !== undefined, now })
}

function redirectsOf({ config }: Pick<SignInParts, 'config'>): RedirectMemory {
  return createRedirectMemory(pageStorage(config.environment.window), config.key, config.environment.now)
}

function checkedReturnTo({ config }: SignInParts, returnTo: string | undefined): string | undefined {
  return returnTo === undefined ? undefined : checkReturnTo(returnTo, config.environment.window?.location.origin)
}

function missingRedirectUri(): ConfigurationError {
  return createError('configuration', 'there is no page here to come back to: "redirectUri" is missing, or a path', {
    hint: 'Pass an absolute redirectUri in the options of the client or of login().',
    spec: 'RFC 6749, section 3.1.2',
  })
}
