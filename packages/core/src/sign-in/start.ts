import { createError } from '../errors/create-error.js'
import type { ConfigurationError } from '../errors/errors.js'
import { refuseAborted } from '../platform/abort.js'
import { protocol } from '../protocol/index.js'
import { type CompletionParts, completeResponse } from './complete.js'
import { createState, parseState, type StateKind } from './response-url.js'
import { checkReturnTo } from './return-to.js'
import type { LoginOptions, LoginResult } from './sign-in-options.js'
import type { Transaction } from './transaction.js'
import type { PreparedNavigation } from './transports/select-transport.js'

const KINDS: Readonly<Record<string, StateKind>> = { redirect: 'r', popup: 'p', iframe: 'i' }

/** One sign-in, as the client starts it. */
export interface SignInRequest {
  readonly options: LoginOptions
  readonly returnTo: string | undefined
  /** The response must be for this user. */
  readonly expectedSubject?: string | undefined
  /** Revision of the session to renew, which must still be stored when the response arrives. */
  readonly expectedRevision?: string | undefined
  /** Whether the response arrives too late. Default: if the user has signed out in the meantime. */
  readonly isOver?: (() => boolean) | undefined
}

/**
 * From the click to the session: builds the authorization request, writes the transaction, navigates, and completes the response.
 *
 * @returns undefined if a redirect came back to the same page without having left, or if a sign-out came before the response
 */
export async function startSignIn(
  parts: CompletionParts,
  { transport, navigation }: PreparedNavigation,
  request: SignInRequest,
): Promise<LoginResult | undefined> {
  const { config, context, transactions } = parts
  const { options, expectedSubject, expectedRevision, isOver = parts.session.watchLogout() } = request
  const returnTo = request.returnTo === undefined ? undefined : checkReturnTo(request.returnTo, originOf(parts))
  const redirectUri = options.redirectUri ?? config.redirectUri
  if (!redirectUri) throw missingRedirectUri()
  const state = createState(config.key, KINDS[transport.name] ?? 'x')
  const { url, expectation } = await protocol.createAuthorizationRequest(context, { parameters: options, state, redirectUri })
  const createdAt = config.environment.now()
  await transactions.write({ ...expectation, returnTo, transport: transport.name, createdAt, expectedSubject, expectedRevision })
  refuseAborted(options.signal)
  if (transport.name === 'redirect') await beforeRedirect(parts, state)
  const callbackUrl = await navigation.navigate({ url, state, redirectUri, signal: options.signal })
  return callbackUrl ? completeResponse(parts, callbackUrl, isOver) : afterBfcacheRestore(parts)
}

async function beforeRedirect({ transactions, context, redirects }: CompletionParts, state: string): Promise<void> {
  await transactions.saveServer(context)
  redirects.beforeRedirect(state)
}

/** The page is back without a response. */
function afterBfcacheRestore({ redirects }: CompletionParts): undefined {
  redirects.stopWaiting()
}

/** Writes the transaction of a request that the caller sends itself, perhaps with a custom `state`. */
export async function saveTransaction(
  { transactions, redirects }: Pick<CompletionParts, 'transactions' | 'redirects'>,
  transaction: Transaction,
): Promise<void> {
  await transactions.write(transaction)
  // Nothing else tells a custom `state` from that of another library.
  if (!parseState(transaction.state)) redirects.expectResponse(transaction.state)
}

function originOf({ config }: CompletionParts): string | undefined {
  return config.environment.window?.location.origin
}

function missingRedirectUri(): ConfigurationError {
  return createError('configuration', 'there is no page to return to: "redirectUri" is missing, or a path', {
    hint: 'Pass an absolute redirectUri in the options of the client or of login().',
    spec: 'RFC 6749, section 3.1.2',
  })
}
