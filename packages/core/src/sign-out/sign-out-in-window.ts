import { createError } from '../errors/create-error.js'
import { OAuthClientError } from '../errors/errors.js'
import type { SignInConfig } from '../sign-in/sign-in-options.js'
import type { TransactionStore } from '../sign-in/transaction-store.js'
import type { navigateFrame } from '../sign-in/transports/navigate-frame.js'
import type { navigatePopup, whileBlank } from '../sign-in/transports/wait-for-popup.js'
import type { LogoutOptions, LogoutResult } from './logout-options.js'

/** What waits for a window. */
export interface WindowSteps {
  readonly navigateFrame: typeof navigateFrame
  readonly navigatePopup: typeof navigatePopup
  readonly whileBlank: typeof whileBlank
}

/** What a sign-out by popup or iframe needs of its client. */
interface WindowParts {
  readonly config: SignInConfig & { readonly postLogoutRedirectUri: string | undefined }
  readonly transactions: TransactionStore
  readonly loadRareCalls: () => Promise<WindowSteps>
}

/** One sign-out by popup or iframe. */
export interface WindowSignOut {
  readonly options: LogoutOptions & { readonly transport: 'popup' | 'iframe' }
  /** Of the request. Its kind tells the page that the server redirects to that another page waits for the response. */
  readonly state: string
  /** Revokes the tokens and creates the URL; undefined if there is nothing to open. */
  readonly createUrl: () => Promise<URL | undefined>
  /** Opened inside the click. */
  readonly popup: Window | null | undefined
}

const SPEC = 'OpenID Connect RP-Initiated Logout 1.0, section 3'

/**
 * Ends the session at the server in a popup or a hidden frame, and waits for the redirect back.
 *
 * @throws InteractionError popup_blocked, popup_closed, iframe_blocked; ConfigurationError configuration, unsupported
 */
export async function signOutInWindow(
  { config, transactions, loadRareCalls }: WindowParts,
  { options, state, createUrl, popup }: WindowSignOut,
): Promise<LogoutResult> {
  // The tokens are revoked whatever becomes of the window.
  const building = createUrl()
  building.catch(() => undefined)
  try {
    const { window: page, openChannel } = config.environment
    if (!page || !openChannel || (popup === undefined && options.transport === 'popup')) throw unsupportedHere(options.transport)
    if (popup === null) throw createError('popup_blocked')
    const redirectUri = checkRedirectBack(config, options)
    const { whileBlank, navigatePopup, navigateFrame } = await loadRareCalls()
    const url = await (popup ? whileBlank(page, popup, building, new URL(config.issuer).host) : building)
    if (!url) return { local: true, provider: false }
    if (![...url.searchParams.values()].includes(state)) throw stateMissing()
    const request = { url, state, redirectUri }
    await (popup ? navigatePopup(page, popup, openChannel, request) : navigateFrame(page, request, openChannel))
    return { local: true, provider: true }
  } catch (cause) {
    throw ofSignOut(cause)
  } finally {
    popup?.close()
    await transactions.take(state)
  }
}

/** The page that the server redirects to has to be of this origin, and to find this page by the `state`. */
function checkRedirectBack({ environment, ...config }: WindowParts['config'], options: LogoutOptions): string {
  const { postLogoutRedirectUri: uri = config.postLogoutRedirectUri } = options
  if (options.state !== undefined) throw misconfigured('state', 'its response is found by a "state" that Latchkey creates')
  if (uri === undefined || new URL(uri).origin !== environment.window?.location.origin)
    throw misconfigured('postLogoutRedirectUri', 'the server redirects to a page of this origin')
  return uri
}

function misconfigured(name: string, why: string): OAuthClientError {
  return createError('configuration', `"${name}" does not fit a sign-out by popup or iframe: ${why}.`, {
    hint: `Omit "${name}", or sign out by redirect.`,
    spec: SPEC,
  })
}

function unsupportedHere(transport: string): OAuthClientError {
  const message = `A sign-out by ${transport} needs a browser window and BroadcastChannel.`
  return createError('unsupported', message, { hint: 'Sign out by redirect.' })
}

/** Some providers have an endpoint of their own, which does not return the `state`. */
function stateMissing(): OAuthClientError {
  return createError('unsupported', 'This provider returns no "state" after a sign-out, so a popup or iframe would never end.', {
    hint: 'Sign out by redirect.',
    spec: SPEC,
  })
}

const TEXTS: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  popup_blocked: [
    'The browser blocked the sign-out window.',
    'Call logout() directly in the click handler, allow popups for this site, or sign out by redirect.',
  ],
  popup_closed: [
    'The sign-out window was closed before the server redirected back.',
    'The user is signed out in this browser. The session at the server may have been kept.',
  ],
  iframe_blocked: [
    'The sign-out got no response in the hidden frame.',
    'Many servers refuse frames (X-Frame-Options or frame-ancestors), ask the user first, or do not get their cookie in one. Sign out by popup or redirect. The page at postLogoutRedirectUri has to contain Latchkey’s callback.',
  ],
}

/** The errors of the transports speak of a sign-in. */
function ofSignOut(cause: unknown): unknown {
  const texts = cause instanceof OAuthClientError && TEXTS[cause.code]
  return texts
    ? createError(cause.code, `${texts[0]} The session in this browser has ended.`, { hint: texts[1], spec: SPEC, cause })
    : cause
}
