import type { ClientConfig } from '../client/resolve-options.js'
import type { ClientParts } from '../client/client-parts.js'
import type { LogoutOptions, LogoutResult } from './logout-options.js'
import { createEndSessionUrl } from '../protocol/end-session.js'
import { loadServer } from '../protocol/load-server.js'
import { revokeToken } from '../protocol/revocation.js'
import { createState } from '../sign-in/response-url.js'
import { remember } from '../sign-in/authorization-flow.js'
import { asClientError } from '../errors/client-error.js'
import { silence } from '../sign-in/silence.js'
import type { TokenSet } from '../protocol/token-set.js'
import type { Transaction } from '../sign-in/transaction.js'

export type SignOutParts = Pick<ClientParts, 'config' | 'session' | 'context' | 'storage' | 'records'>

const REVOCATION_PATIENCE_MS = 3000

/**
 * The second half of a sign-out; this browser has forgotten the session already. First the tokens at the server, then the person.
 *
 * @param tokenSet of the session that ended here
 * @returns what was reached; a server that cannot be reached leaves the local sign-out as it is and is reported in the state
 * @see OpenID Connect RP-Initiated Logout 1.0, section 2; RFC 7009
 */
export async function signOutAtServer(
  parts: SignOutParts,
  tokenSet: TokenSet | undefined,
  options: LogoutOptions,
): Promise<LogoutResult> {
  const { session } = parts
  silence(parts.config, 'logout')
  const { epoch } = session
  try {
    if (tokenSet && (options.revoke ?? true)) await withPatience(revokeTokens(parts, tokenSet))
    const provider = tokenSet !== undefined && !options.local && (await endServerSession(parts, tokenSet, options))
    if (!provider && epoch === session.epoch) session.dispatch({ type: 'logout_ended' })
    return { local: true, provider }
  } catch (cause) {
    if (epoch === session.epoch) session.fail(asClientError(cause))
    return { local: true, provider: false }
  }
}

/** A server without the endpoint, or one that refuses, does not keep the person from signing out. */
async function revokeTokens({ context }: SignOutParts, tokenSet: TokenSet): Promise<void> {
  try {
    const { metadata } = await loadServer(context, { keys: false })
    if (!metadata.revocation_endpoint) return
    if (tokenSet.refreshToken === undefined) await revokeToken(context, tokenSet.accessToken, 'access_token')
    else await revokeToken(context, tokenSet.refreshToken, 'refresh_token')
  } catch (cause) {
    context.logger.warn('the token was not revoked', { code: asClientError(cause).code })
  }
}

function withPatience(work: Promise<void>): Promise<void> {
  return Promise.race([work, new Promise<void>((resolve) => setTimeout(resolve, REVOCATION_PATIENCE_MS))])
}

async function endServerSession(parts: SignOutParts, tokenSet: TokenSet, logout: LogoutOptions): Promise<boolean> {
  const page = parts.config.environment.window
  const url = page && (await createSignOutUrl(parts, tokenSet.idToken, logout))
  if (!url) return false
  page.location.assign(url)
  return true
}

/** @returns where a page goes to sign the person out, its transaction written; undefined when the server has no such endpoint */
export async function createSignOutUrl(
  parts: SignOutParts,
  idTokenHint: string | undefined,
  logout: LogoutOptions,
): Promise<URL | undefined> {
  const { config, context } = parts
  const postLogoutRedirectUri = logout.postLogoutRedirectUri ?? config.postLogoutRedirectUri
  const state = logout.state ?? (postLogoutRedirectUri === undefined ? undefined : createState(config.key, 'o'))
  const url = await createEndSessionUrl(context, { parameters: logout, state, idTokenHint, postLogoutRedirectUri })
  if (url && state !== undefined && postLogoutRedirectUri !== undefined) {
    await remember(parts, logoutTransaction(state, postLogoutRedirectUri, config))
  }
  return url
}

/** The answer of the end session endpoint is recognized by its `state`, like any other. */
function logoutTransaction(state: string, redirectUri: string, { environment }: ClientConfig): Transaction {
  return { state, redirectUri, responseType: 'none', transport: 'logout', createdAt: environment.now() }
}
