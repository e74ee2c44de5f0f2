import type { RecordStore } from '../storage/record-store.js'
import { createError } from '../errors/create-error.js'
import type { ConfigurationError } from '../errors/errors.js'
import { createAuthorizationRequest } from '../protocol/authorization-request.js'
import { createState, type FlowParts, isOverSession } from './authorization-flow.js'
import { joinScope } from '../protocol/scope.js'
import { ownKeyContext } from '../protocol/own-key.js'
import type { RedirectGuard } from './redirect-guard.js'
import { AWAITED_STATE, parseState } from './response-url.js'
import type { LoginOptions } from './sign-in-options.js'
import { checkReturnTo } from './return-to.js'
import { type Transaction, TRANSACTION_LIFETIME_MS, transactionPrefix, type TransactionStore } from './transaction-store.js'

/** Options of `createAuthorizationUrl`. */
export interface AuthorizationUrlOptions extends Omit<LoginOptions, 'transport' | 'fallback'> {
  /** Used unchanged. Default: one with 256 random bits. After a redirect the page knows the latest one of its tab. */
  readonly state?: string | undefined
  /** 43 to 128 unreserved characters (RFC 7636, section 4.1). Default: 43 random ones. */
  readonly codeVerifier?: string | undefined
}

/** An authorization request that the app sends itself. */
export interface AuthorizationUrl {
  readonly url: URL
  readonly state: string
  readonly codeVerifier?: string | undefined
  readonly nonce?: string | undefined
}

/** An authorization request that another session or process has sent, as it was saved there: members of {@link AuthorizationUrl}. */
export interface SavedAuthorization extends Pick<AuthorizationUrl, 'state' | 'codeVerifier' | 'nonce'> {
  /** Default: the option of the client. */
  readonly redirectUri?: string | undefined
  /** Default: the option of the client. */
  readonly scope?: string | readonly string[] | undefined
  /** A path on this origin, where the app continues. */
  readonly returnTo?: string | undefined
}

/** Writes the transaction of a saved request, unless this client has it already: its own knows more. */
export async function restoreAuthorization(
  {
    config,
    context,
    records,
    transactions,
  }: Pick<FlowParts, 'config' | 'context' | 'transactions'> & {
    readonly records: Pick<RecordStore, 'read'>
  },
  { redirectUri = config.redirectUri, ...saved }: SavedAuthorization,
): Promise<void> {
  if (redirectUri === undefined) throw missingRedirectUri()
  const { scope = 'openid profile email', responseType = 'code', responseMode } = context.options
  const own = { responseType, responseMode, transport: 'own', createdAt: config.environment.now() }
  if (saved.codeVerifier !== undefined) checkCodeVerifier(saved.codeVerifier)
  const returnTo = saved.returnTo === undefined ? undefined : checkReturnTo(saved.returnTo)
  const transaction = { ...own, ...saved, scope: joinScope(saved.scope ?? scope), returnTo, redirectUri }
  if ((await records.read(transactionPrefix(config) + saved.state)) === undefined) await transactions.write(transaction)
}

/** Builds an authorization request and writes its transaction. See `createAuthorizationUrl` of the package. */
export async function prepareAuthorizationUrl(
  parts: Pick<FlowParts, 'config' | 'context' | 'session' | 'transactions'> & { readonly redirects: RedirectGuard },
  options: AuthorizationUrlOptions,
): Promise<AuthorizationUrl> {
  const { config, context } = parts
  const { state = createState(config.key, 'x'), codeVerifier, returnTo: requested, ...parameters } = options
  const returnTo = requested === undefined ? undefined : checkReturnTo(requested)
  const redirectUri = parameters.redirectUri ?? config.redirectUri
  if (redirectUri === undefined) throw missingRedirectUri()
  if (codeVerifier !== undefined) checkCodeVerifier(codeVerifier)
  const hasOwnKey = isOverSession(parts)
  const request = { parameters, state, redirectUri, codeVerifier }
  const { url, expectation } = await createAuthorizationRequest(hasOwnKey ? await ownKeyContext(context) : context, request)
  const createdAt = config.environment.now()
  await saveTransaction(parts, { ...expectation, returnTo, transport: 'own', hasOwnKey, createdAt })
  // No other client of the page treats the response as its own. The page itself waits for none: the app may open the URL elsewhere.
  if (parseState(state)) noteRequest(config, parts.redirects)
  return { url, state, codeVerifier: expectation.codeVerifier, nonce: expectation.nonce }
}

/** Notes that the app sends a request itself, unless the tab waits for a response: an empty `state` is never received. */
function noteRequest({ tab, environment }: FlowParts['config'], redirects: RedirectGuard): void {
  const [, since = 0] = (tab.get(AWAITED_STATE) ?? []) as readonly [unknown?, number?]
  if (Math.abs(environment.now() - since) >= TRANSACTION_LIFETIME_MS) redirects.expectResponse('')
}

/** Writes the transaction of a request without a transport, perhaps with a custom `state`. */
export async function saveTransaction(
  { transactions, redirects }: { readonly transactions: TransactionStore; readonly redirects: RedirectGuard },
  transaction: Transaction,
): Promise<void> {
  await transactions.write(transaction)
  // Nothing else tells a custom `state` from that of another library.
  if (!parseState(transaction.state)) redirects.expectResponse(transaction.state)
}

function missingRedirectUri(): ConfigurationError {
  return createError('configuration', '"redirectUri" is missing, or is a path though there is no page', {
    hint: 'Pass an absolute redirectUri in the options of the client or of this call.',
    spec: 'RFC 6749, section 3.1.2',
  })
}

function checkCodeVerifier(codeVerifier: string): void {
  if (/^[A-Za-z0-9._~-]{43,128}$/.test(codeVerifier)) return
  throw createError('configuration', '"codeVerifier" must be 43 to 128 letters, digits or "-._~"', {
    hint: 'Omit it: a random one is generated.',
    spec: 'RFC 7636, section 4.1',
  })
}
