import type { Emitter } from '../platform/emitter.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import type { TokenSet, TokenSetReason } from '../protocol/token-set.js'
import type { Session, SessionMoment } from '../session/session.js'
import { establishSession } from '../session/write-session.js'
import type { LoginResult, SignInConfig, SignInEvents } from './sign-in-options.js'
import { parseState, readResponse, type StateKind } from './response-url.js'
import { createAuthorizationRequest } from '../protocol/authorization-request.js'
import { processAuthorizationResponse } from '../protocol/authorization-response.js'
import { ownKeyContext, promoteOwnKey, restoreOwnKey } from '../protocol/own-key.js'
import type { AuthorizationParameters } from '../protocol/protocol-options.js'
import type { Transaction, TransactionStore } from './transaction-store.js'

/**
 * The part of a sign-in that handles codes, verifiers and tokens. The worker client runs it in the worker, and everything else in the
 * page, so its arguments and results are plain data.
 */
export interface AuthorizationFlow {
  /** Builds the authorization request and writes its transaction. */
  createRequest(input: FlowInput, signal: AbortSignal | undefined): Promise<FlowRequest>
  /**
   * Takes the transaction, redeems the response and writes the session.
   *
   * @param startedAt default: now
   * @param isStrict a response that no request waits for is an error even if the user is signed in. Default false
   * @returns undefined for the redirect after a sign-out, a response that no request waits for, and one that arrives after a sign-out
   * @throws OAuthClientError whose `returnTo` is that of the request
   */
  redeemResponse(url: string, startedAt?: SessionMoment, isStrict?: boolean): Promise<FlowResult | undefined>
}

/** One authorization request, as the page starts it. */
export interface FlowInput {
  readonly parameters: Omit<AuthorizationParameters, 'signal'>
  readonly returnTo: string | undefined
  readonly redirectUri: string
  /** Name of the transport. */
  readonly transport: string
  /** Without user interaction: the response must be for the same user, and any change of the session in the meantime wins. */
  readonly isSilent: boolean
}

/** An authorization request whose transaction is written. */
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

/** What the flow needs of a client. */
export interface FlowParts {
  readonly config: SignInConfig
  readonly session: Session
  readonly context: ProtocolContext
  readonly events: Emitter<SignInEvents>
  readonly transactions: TransactionStore
  /** Whether stored sessions outlive the page. */
  readonly storage: { readonly persistent: boolean }
  readonly loadRareCalls: () => Promise<UnexpectedResponses>
}

/** See `unexpected-response.ts`. */
export interface UnexpectedResponses {
  readonly completeLogout: (parts: FlowParts, transaction: Transaction | undefined) => undefined
  readonly rejectUnknownState: (
    parts: FlowParts,
    url: URL,
    isStrict: boolean,
    expired: Transaction | undefined,
  ) => Promise<FlowResult | undefined>
  readonly finishWithoutTokens: (parts: FlowParts, transaction: Transaction) => FlowResult
}

const KINDS: Readonly<Record<string, StateKind>> = { redirect: 'r', popup: 'p', iframe: 'i' }

/** @see AuthorizationFlow.createRequest */
export async function createRequest(parts: FlowParts, input: FlowInput, signal?: AbortSignal): Promise<FlowRequest> {
  const { config, context, session, storage, transactions } = parts
  const { parameters, returnTo, redirectUri, transport, isSilent } = input
  const startedAt = session.moment(isSilent)
  const state = createState(config.key, KINDS[transport] ?? 'x')
  const request = { parameters: { ...parameters, signal }, state, redirectUri }
  const hasOwnKey = !isSilent && isOverSession(parts)
  const { url, expectation } = await createAuthorizationRequest(hasOwnKey ? await ownKeyContext(context) : context, request)
  await transactions.write({
    ...expectation,
    returnTo,
    transport,
    hasOwnKey,
    attempt: config.observer?.onRequest(input),
    createdAt: config.environment.now(),
    expectedSubject: isSilent ? session.state.tokenSet?.claims?.sub : undefined,
    // After a redirect a session in memory is gone, so there is no record to compare with.
    expectedRevision: isSilent && (transport === 'iframe' || storage.persistent) ? session.revision : undefined,
  })
  if (transport === 'redirect') await transactions.saveServer(context)
  return { url: url.href, state, startedAt }
}

/** Whether a sign-in replaces a session, which may be another user's. */
export function isOverSession({ session, context }: Pick<FlowParts, 'session' | 'context'>): boolean {
  // A response without tokens replaces nothing.
  return session.state.tokenSet !== undefined && context.options.responseType !== 'none'
}

/** @see AuthorizationFlow.redeemResponse */
export async function redeemResponse(
  parts: FlowParts,
  address: string,
  startedAt: SessionMoment = parts.session.moment(false),
  isStrict = false,
): Promise<FlowResult | undefined> {
  const { config, session, context, transactions, loadRareCalls } = parts
  const url = new URL(address)
  const state = readResponse(url)?.state
  const transaction = state === undefined ? undefined : await transactions.takeAny(state)
  if (isOfLogout(transaction, state)) return (await loadRareCalls()).completeLogout(parts, transaction)
  if (!transaction || !transactions.isAlive(transaction)) {
    const { rejectUnknownState } = await loadRareCalls()
    return rejectUnknownState(parts, url, isStrict, transaction)
  }
  config.observer?.onResponse(transaction)
  if (session.isPast(startedAt)) return dropLateResponse(parts)
  session.dispatch({ type: 'login_started' })
  const { returnTo } = transaction
  try {
    return await redeem(parts, url, transaction, startedAt)
  } catch (cause) {
    // Where the app continues after the failure.
    throw Object.assign(await context.explain(cause), returnTo !== undefined && { returnTo })
  }
}

async function redeem(
  parts: FlowParts,
  url: URL,
  transaction: Transaction,
  startedAt: SessionMoment,
): Promise<FlowResult | undefined> {
  const { context, transactions } = parts
  await transactions.restoreServer(context)
  const { hasOwnKey } = transaction
  const response = await processAuthorizationResponse(hasOwnKey ? await restoreOwnKey(context) : context, url, transaction)
  if (transaction.responseType === 'none') return (await parts.loadRareCalls()).finishWithoutTokens(parts, transaction)
  const { transport, returnTo = '/', expectedRevision } = transaction
  const reason = transport === 'iframe' ? 'silent' : 'login'
  const beforeShown = hasOwnKey ? (): Promise<void> => promoteOwnKey(context) : undefined
  return finishSignIn(parts, { tokenSet: response, reason, returnTo, expectedRevision, beforeShown }, startedAt)
}

/** The redirect after a sign-out, with our `state` or a custom one. @see OpenID Connect RP-Initiated Logout 1.0, section 3 */
function isOfLogout(transaction: Transaction | undefined, state: string | undefined): boolean {
  return transaction?.transport === 'logout' || parseState(state)?.kind === 'o'
}

// Apart from `response-url.ts`, which the initial bundle needs.

/** Creates a `state` with 256 random bits. @param kind `ow`: a sign-out in a popup or iframe @see RFC 6749, section 10.12 */
export function createState(clientKey: string, kind: StateKind | 'ow'): string {
  const random = [...crypto.getRandomValues(new Uint32Array(8))].map((word) => word.toString(36).padStart(7, '0')).join('')
  return `lk.${clientKey}.${kind}.${random}`
}

/** What the end of a sign-in needs of a client. */
export interface FinishParts {
  readonly context: Pick<ProtocolContext, 'environment' | 'clockOffsetSeconds'>
  readonly session: Session
  readonly events: Emitter<SignInEvents>
}

/** The checked tokens of one sign-in. */
export interface SignInTokens {
  readonly tokenSet: TokenSet
  readonly reason: TokenSetReason
  readonly returnTo: string
  /** Only if the stored session still has this revision. */
  readonly expectedRevision?: string | undefined
  /** Called when the session is stored, and before it is shown. */
  readonly beforeShown?: (() => Promise<void>) | undefined
}

/**
 * Ends every sign-in, by whatever way its tokens came: writes the session and emits `signed-in`.
 *
 * @param startedAt when the sign-in started
 * @returns undefined if the user signed out in the meantime: the tokens are dropped, without an error
 */
export async function finishSignIn(
  { context, session, events }: FinishParts,
  { tokenSet: received, reason, returnTo, expectedRevision, beforeShown }: SignInTokens,
  startedAt: SessionMoment,
): Promise<LoginResult | undefined> {
  // To the millisecond: it tells the sessions of two users apart where no ID token does.
  const signedInAt = Math.round(context.environment.now() + context.clockOffsetSeconds() * 1000) / 1000
  const tokenSet = { ...received, signedInAt }
  if (!(await establishSession(session, { tokenSet, reason, beforeShown }, startedAt, expectedRevision)))
    return dropLateResponse({ session, events })

  events.emit('signed-in', { tokenSet, returnTo })
  return { tokenSet, returnTo }
}

/** The user signed out while the response was in flight: it is dropped, without an error. */
export async function dropLateResponse({ session, events }: Pick<FinishParts, 'session' | 'events'>): Promise<undefined> {
  events.emit('callback-ignored', { reason: 'the session was ended while this response was on its way' })
  await session.adopt()
  if (session.state.activity === 'signing-in') session.dispatch({ type: 'login_abandoned' })
  return undefined
}
