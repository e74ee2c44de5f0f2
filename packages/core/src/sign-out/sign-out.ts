import { startTimer } from '../platform/timer.js'
import { createEndSessionUrl } from '../protocol/end-session.js'
import { loadServer } from '../protocol/load-server.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { revokeToken } from '../protocol/revocation.js'
import type { TokenSet } from '../protocol/token-set.js'
import type { Session } from '../session/session.js'
import { untilClosed } from '../platform/abort.js'
import { pauseKey } from '../session/write-session.js'
import { blockSilentSignIn } from '../sign-in/block-silent-sign-in.js'
import type { RedirectGuard } from '../sign-in/redirect-guard.js'
import { createState } from '../sign-in/authorization-flow.js'
import type { SignInConfig } from '../sign-in/sign-in-options.js'
import { saveTransaction } from '../sign-in/authorization-url.js'
import { LEAVE_TIMEOUT_MS } from '../sign-in/start.js'
import type { TransactionStore } from '../sign-in/transaction-store.js'
import { deleteRecord } from '../storage/delete-record.js'
import type { RecordStore } from '../storage/record-store.js'
import type { ResilientStorage } from '../storage/resilient-storage.js'
import { endKey } from './end-dpop-key.js'
import type { LogoutOptions, LogoutResult } from './logout-options.js'
import type { SignOutAtServer } from './logout.js'
import type { WindowSignOut, WindowSteps } from './sign-out-in-window.js'

/** What a sign-out needs of its client. */
export interface SignOutParts {
  readonly config: SignInConfig & { readonly postLogoutRedirectUri: string | undefined }
  readonly session: Session
  readonly context: ProtocolContext
  readonly transactions: TransactionStore
  readonly redirects: RedirectGuard
  readonly storage: ResilientStorage
  readonly records: RecordStore
}

/** As above, and what a popup or iframe needs. */
interface WindowParts extends SignOutParts {
  readonly loadRareCalls: () => Promise<WindowSteps>
  readonly loadWindow: () => Promise<typeof import('./sign-out-in-window.js')>
}

const REVOCATION_TIMEOUT_MS = 3000

/**
 * The second half of a sign-out: revokes the tokens, then ends the session at the server. This browser has deleted its session before.
 *
 * @param tokenSet of the session that was ended
 * @returns what was reached. If the server cannot be reached, the local sign-out is kept and the error is in the state
 * @throws what `signOutInWindow` throws, after the session has ended in this browser
 * @see OpenID Connect RP-Initiated Logout 1.0, section 2; RFC 7009
 */
export async function signOutAtServer(
  parts: WindowParts,
  ...[tokenSet, options, popup, closed]: Parameters<SignOutAtServer>
): Promise<LogoutResult> {
  const { session, config } = parts
  blockSilentSignIn(config.tab, 'logout')
  const { epoch } = session
  const { transport = 'redirect' } = options
  const ended = <T>(work: Promise<T>): Promise<T> => untilClosed(session, work, undefined, closed)
  try {
    const result =
      transport === 'redirect'
        ? leaveTo(session, await ended(endTokens(parts, tokenSet, options)), config.environment.window)
        : await ended(signOutElsewhere(parts, { tokenSet, options: { ...options, transport }, popup }))
    const isLeaving = result.provider && transport === 'redirect'
    if (!isLeaving && epoch === session.epoch) session.dispatch({ type: 'logout_ended' })
    return result
  } catch (cause) {
    const error = await parts.context.explain(cause)
    if (epoch === session.epoch) session.fail(error)
    if (transport !== 'redirect') throw error
    return { local: true, provider: false }
  }
}

/** Leaves this page as it is. */
async function signOutElsewhere(
  parts: WindowParts,
  { tokenSet, ...request }: Pick<WindowSignOut, 'options' | 'popup'> & { readonly tokenSet: TokenSet | undefined },
): Promise<LogoutResult> {
  const { signOutInWindow } = await parts.loadWindow()
  const state = createState(parts.config.key, 'ow')
  const createUrl = (): Promise<URL | undefined> => endTokens(parts, tokenSet, { ...request.options, state })
  return signOutInWindow(parts, { ...request, state, createUrl })
}

/** @returns the URL of the end session endpoint, if the sign-out goes there */
async function endTokens(parts: SignOutParts, tokenSet: TokenSet | undefined, options: LogoutOptions): Promise<URL | undefined> {
  if (parts.storage.isDegraded) await clearStored(parts)
  await dropRecords(parts)
  if (tokenSet && (options.revoke ?? true)) await withTimeout(revokeTokens(parts, tokenSet))
  // Without a session here, the server may still have one.
  return options.local ? undefined : createSignOutUrl(parts, tokenSet?.idToken, options)
}

/** Navigates to the end session endpoint. Outside a page, the caller sends the user's browser there. */
function leaveTo(session: Session, url: URL | undefined, page: Window | undefined): LogoutResult {
  if (!page) return { local: true, provider: false, url }
  if (!url) return { local: true, provider: false }
  // A page that stays, because the user stopped the navigation, is not signing out any more.
  startTimer(() => session.state.activity === 'signing-out' && session.dispatch({ type: 'logout_ended' }), LEAVE_TIMEOUT_MS)
  page.location.assign(url)
  return { local: true, provider: true }
}

/** Drops what concerned the session besides its record. */
async function dropRecords({ session, context }: SignOutParts): Promise<void> {
  await session.parts.records.take(pauseKey(session))
  // The authorization request of a sign-in that has begun since then names the key.
  if (session.state.activity !== 'signing-in') await endKey(context, true)
}

/** A server without the endpoint, or one that refuses, does not prevent the sign-out. */
async function revokeTokens({ context }: SignOutParts, tokenSet: TokenSet): Promise<void> {
  try {
    const { metadata } = await loadServer(context, { keys: false })
    if (!metadata.revocation_endpoint) return
    if (tokenSet.refreshToken === undefined) await revokeToken(context, tokenSet.accessToken, { tokenTypeHint: 'access_token' })
    else await revokeToken(context, tokenSet.refreshToken, { tokenTypeHint: 'refresh_token' })
  } catch (cause) {
    context.logger.warn('the token was not revoked', { code: (await context.explain(cause)).code })
  }
}

/** Clears its timer, which would keep a process alive. */
function withTimeout(work: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = startTimer(resolve, REVOCATION_TIMEOUT_MS)
    void work.then(resolve).finally(() => clearTimeout(timer))
  })
}

/** @returns the URL of the end session endpoint, its transaction written; undefined if the server has no such endpoint */
export async function createSignOutUrl(
  parts: SignOutParts,
  idTokenHint: string | undefined,
  options: LogoutOptions,
): Promise<URL | undefined> {
  const { config, context } = parts
  const postLogoutRedirectUri = options.postLogoutRedirectUri ?? config.postLogoutRedirectUri
  const state = options.state ?? (postLogoutRedirectUri === undefined ? undefined : createState(config.key, 'o'))
  const url = await createEndSessionUrl(context, { parameters: options, state, idTokenHint, postLogoutRedirectUri })
  if (url && state !== undefined && postLogoutRedirectUri !== undefined) {
    const createdAt = config.environment.now()
    // The redirect from the end session endpoint is found by its `state`, like any other response.
    const transaction = { state, redirectUri: postLogoutRedirectUri, responseType: 'none', transport: 'logout', createdAt }
    await saveTransaction(parts, transaction)
  }
  return url
}

/** The session was deleted in the memory of this page only. */
async function clearStored({ session, records }: SignOutParts): Promise<void> {
  await deleteRecord(records.parts, session.parts.key)
  session.parts.sendToTabs('session-cleared')
}
