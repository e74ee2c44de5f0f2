import { createError } from '../errors/create-error.js'
import { carryServer, unpackServer } from './carried-server.js'
import type { ClientParts } from '../client/client-parts.js'
import type { AuthorizationParameters } from '../protocol/protocol-options.js'
import { createAuthorizationRequest } from '../protocol/authorization-request.js'
import { processAuthorizationResponse } from '../protocol/authorization-response.js'
import type { TokenSet } from '../protocol/token-set.js'
import type { SessionMoment } from '../session/session.js'
import { establishSession } from '../session/write-session.js'
import { pageStorage } from '../storage/tab-storage.js'
import { redirectsOf } from './complete.js'
import { createState, parseState, readResponse, type StateKind } from './response-url.js'
import type { Transaction } from './transaction.js'
import { createTransactionStore, type TransactionStore } from './transaction-store.js'

/**
 * The part of a sign-in that handles codes, verifiers and tokens. The worker client runs it in the worker, and everything else in the
 * page: so its arguments and results are plain data.
 */
export interface AuthorizationFlow {
  /** Builds the authorization request and stores its transaction. */
  createRequest(input: FlowInput, signal: AbortSignal | undefined): Promise<FlowRequest>
  /**
   * Takes the transaction, redeems the response and writes the session.
   *
   * @param startedAt default: now
   * @returns undefined for the return from a sign-out, a response that no request waits for, and one that came after a sign-out
   */
  redeemResponse(url: string, startedAt?: SessionMoment): Promise<FlowResult | undefined>
}

export interface FlowInput {
  readonly parameters: Omit<AuthorizationParameters, 'signal'>
  readonly returnTo: string | undefined
  readonly redirectUri: string
  /** Name of the transport. */
  readonly transport: string
  /** Without the user: it must be the same user, and gives way to whatever happens to the session meanwhile. */
  readonly isSilent: boolean
}

export interface FlowRequest {
  readonly url: string
  readonly state: string
  readonly startedAt: SessionMoment
}

/** `tokenSet` is undefined for `response_type=none`. */
export interface FlowResult {
  readonly tokenSet: TokenSet | undefined
  readonly returnTo: string | undefined
}

export type FlowParts = Pick<ClientParts, 'config' | 'session' | 'context' | 'records' | 'storage' | 'events'>

const KINDS: Readonly<Record<string, StateKind>> = { redirect: 'r', popup: 'p', iframe: 'i' }

/** @see AuthorizationFlow.createRequest */
export async function createRequest(parts: FlowParts, input: FlowInput, signal?: AbortSignal): Promise<FlowRequest> {
  const { config, context, session, storage } = parts
  const { parameters, returnTo, redirectUri, transport, isSilent } = input
  const startedAt = session.moment(isSilent)
  const state = createState(config.key, KINDS[transport] ?? 'x')
  const request = { parameters: { ...parameters, signal }, state, redirectUri }
  const { url, expectation } = await createAuthorizationRequest(context, request)
  await transactionsOf(parts).write({
    ...expectation,
    returnTo,
    transport,
    createdAt: config.environment.now(),
    expectedSubject: isSilent ? session.state.tokenSet?.claims?.sub : undefined,
    // After a redirect, a storage in memory has no record to compare with.
    expectedRevision: isSilent && (transport === 'iframe' || storage.persistent) ? session.revision : undefined,
  })
  if (transport === 'redirect') await carryServer(parts)
  return { url: url.href, state, startedAt }
}

/** @see AuthorizationFlow.redeemResponse */
export async function redeemResponse(
  parts: FlowParts,
  address: string,
  startedAt: SessionMoment = parts.session.moment(false),
): Promise<FlowResult | undefined> {
  const { session, context, events } = parts
  const url = new URL(address)
  const state = readResponse(url)?.state
  const transaction = state === undefined ? undefined : await transactionsOf(parts).take(state)
  if (isOfLogout(transaction, state)) return completeLogout(parts, transaction)
  if (!transaction) return ignoreResponse(parts)
  if (session.isPast(startedAt)) return dropLateResponse(parts)
  session.dispatch({ type: 'login_started' })
  await unpackServer(parts)
  const response = await processAuthorizationResponse(context, url, transaction)
  if (transaction.responseType === 'none') return finishWithoutTokens(parts, transaction)
  const tokenSet = { ...response, signedInAt: response.receivedAt }
  const reason = transaction.transport === 'iframe' ? 'silent' : 'login'
  const isWritten = await establishSession(session, { tokenSet, reason }, startedAt, transaction.expectedRevision)
  if (!isWritten) return dropLateResponse(parts)
  const returnTo = transaction.returnTo ?? '/'
  events.emit('signed-in', { tokenSet, returnTo })
  return { tokenSet, returnTo }
}

/** The return from a sign-out, with a `state` of the client or of the app. @see OpenID Connect RP-Initiated Logout 1.0, section 3 */
function isOfLogout(transaction: Transaction | undefined, state: string | undefined): boolean {
  return transaction?.transport === 'logout' || parseState(state)?.kind === 'o'
}

function completeLogout({ events }: FlowParts, transaction: Transaction | undefined): undefined {
  if (!transaction) events.emit('callback-ignored', { reason: 'no sign-out of this browser has the "state" of this response' })
  return undefined
}

/** A reload, the back button, a second tab, or a forgery. Nothing is changed, and a session that exists stays without an error. */
async function ignoreResponse({ session, events }: FlowParts): Promise<undefined> {
  events.emit('callback-ignored', { reason: 'no authorization request in flight has the "state" of this response' })
  await session.adopt()
  if (session.state.status === 'signed-in') return undefined
  throw createError('mismatching_state', 'the authorization response has a "state" that no request of this browser waits for', {
    hint: 'It was used before, is older than ten minutes, or was started in another browser. Sign in again.',
    spec: 'RFC 6749, section 10.12',
  })
}

/** `response_type=none` requests a decision only: the response contains nothing to sign in with. */
function finishWithoutTokens({ session }: FlowParts, { transport, returnTo }: Transaction): FlowResult {
  session.dispatch({ type: 'login_abandoned' })
  return { tokenSet: undefined, returnTo: transport === 'redirect' ? returnTo : undefined }
}

/** The user signed out before the response arrived: it is dropped without an error. */
async function dropLateResponse({ session, events }: FlowParts): Promise<undefined> {
  events.emit('callback-ignored', { reason: 'the session was ended while this response was on its way' })
  await session.adopt()
  if (session.state.activity === 'signing-in') session.dispatch({ type: 'login_abandoned' })
  return undefined
}

/** Stores the transaction of a request that is sent without a transport, perhaps with a `state` of the app. */
export async function remember(
  parts: Pick<FlowParts, 'config' | 'records' | 'storage'>,
  transaction: Transaction,
): Promise<void> {
  await transactionsOf(parts).write(transaction)
  // Only this note tells such a state from that of another library.
  if (!parseState(transaction.state)) redirectsOf(parts.config).expect(transaction.state)
}

/** Deletes the transactions of requests that got no response. */
export function sweepTransactions(parts: FlowParts): Promise<void> {
  return transactionsOf(parts).sweep()
}

export function transactionsOf(parts: Pick<FlowParts, 'config' | 'records' | 'storage'>): TransactionStore {
  const { environment, key } = parts.config
  const { window: page, now } = environment
  return createTransactionStore(parts, `latchkey/${key}`, { storage: pageStorage(page), isPage: page !== undefined, now })
}
