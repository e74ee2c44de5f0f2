import { createError } from '../../errors/create-error.js'
import type { InteractionError } from '../../errors/errors.js'
import { abortError } from '../../platform/abort.js'
import type { Environment } from '../../platform/environment.js'
import { startInterval } from '../../platform/interval.js'
import { TabStorage } from '../../storage/tab-storage.js'
import { AWAITED_STATE, parseState } from '../response-url.js'
import { listenForResponse } from './listen-for-response.js'
import { responseChannelName } from './response-channel.js'
import type { NavigateRequest } from './transport.js'

type Page = Window & typeof globalThis

const POLL_MS = 250
/** How long a popup must look closed, with this page in front, before it is treated as closed by the user. */
const CLOSED_FOR_MS = 1000

/**
 * Waits for the authorization request while the popup is blank, and shows the user what it waits for. Before the first navigation, no
 * policy can have cut the popup off: if it looks closed, it is closed. If the page is left or reloaded meanwhile, the popup is closed:
 * it would stay blank.
 *
 * @param host of the authorization server
 * @throws InteractionError popup_closed
 */
export async function whileBlank<Request>(page: Page, popup: Window, request: Promise<Request>, host: string): Promise<Request> {
  showHost(popup, host)
  const ended = new AbortController()
  try {
    return await new Promise<Request>((resolve, reject) => {
      page.addEventListener('pagehide', () => popup.close(), { signal: ended.signal })
      const checkOpen = (): void => void (popup.closed && reject(popupClosed()))
      const timer = startInterval(checkOpen, POLL_MS)
      ended.signal.addEventListener('abort', () => clearInterval(timer))
      request.then((built) => {
        checkOpen()
        return resolve(built)
      }, reject)
    })
  } finally {
    ended.abort()
  }
}

function showHost(popup: Window, host: string): void {
  try {
    popup.document.title = host
    popup.document.body.textContent = `Connecting to ${host}…`
  } catch {
    // The browser or an extension does not let this page write to the window. It only stays blank.
  }
}

/**
 * Navigates a popup and waits for the response, for the user to close it, or for an abort.
 *
 * @throws InteractionError popup_closed, aborted
 */
export async function navigatePopup(
  page: Page,
  popup: Window,
  openChannel: NonNullable<Environment['openChannel']>,
  { url, state, redirectUri, signal }: NavigateRequest,
): Promise<URL> {
  if (signal?.aborted) throw abortError(signal)
  const ended = new AbortController()
  try {
    return await new Promise<URL>((resolve, reject) => {
      const stop = listenForResponse(openChannel(responseChannelName(state)), new URL(redirectUri).origin, resolve)
      const looksClosed = watchForClosing(page, popup, ended.signal)
      const timer = startInterval(() => looksClosed() && reject(popupClosed()), POLL_MS)
      signal?.addEventListener('abort', () => reject(abortError(signal)), { signal: ended.signal })
      ended.signal.addEventListener('abort', () => {
        stop()
        clearInterval(timer)
      })
      // A browser closes a window for its opener only, and an abort has to.
      if (!signal) disownOpener(popup)
      expectResponse(popup, state, redirectUri)
      popup.location.replace(url)
    })
  } finally {
    ended.abort()
    popup.close()
  }
}

/** While the popup is blank, its tab storage is that of this origin. The page at the redirect URI then recognizes a forged response. */
function expectResponse(popup: Window, state: string, redirectUri: string): void {
  const { clientKey = '' } = parseState(state) ?? {}
  new TabStorage(popup, `latchkey/${clientKey}/`).set(AWAITED_STATE, [state, Date.now(), redirectUri])
}

/** The response arrives on the channel, so the authorization server's page needs no way to navigate this one. */
function disownOpener(popup: Window): void {
  try {
    popup.opener = null
  } catch {
    // `window.open` of this page returns a wrapper, whose setter the browser refuses.
    const own = popup.document.defaultView
    if (own) own.opener = null
  }
}

/**
 * `popup.closed` is only a hint: a page with a Cross-Origin-Opener-Policy makes it true immediately and permanently, while the popup is
 * open (measured). So it is used in two cases only. Either the popup was seen on another page more than once (so no such policy has cut it
 * off, which the browser may do a moment after the navigation) and this page has the focus again; or this page *gained* the focus since, as
 * it does when a window in front of it closes. If the popup is open after all, its response is not lost: the callback page completes the
 * sign-in itself if no page listens, and all tabs see it.
 *
 * @returns a function that returns whether the user closed the popup; call it repeatedly
 */
function watchForClosing(page: Page, popup: Window, signal: AbortSignal): () => boolean {
  let timesSeenAway = 0
  let hasGainedFocus = false
  let closedSince: number | undefined
  page.addEventListener('focus', () => (hasGainedFocus = closedSince !== undefined || popup.closed), { signal })
  return () => {
    if (!popup.closed) {
      if (isAway(popup)) timesSeenAway++
      closedSince = undefined
      return false
    }
    closedSince ??= Date.now()
    const isPageInFront = hasGainedFocus || (timesSeenAway > 1 && page.document.hasFocus())
    return isPageInFront && Date.now() - closedSince >= CLOSED_FOR_MS
  }
}

function isAway(popup: Window): boolean {
  try {
    return popup.location.href !== 'about:blank'
  } catch {
    return true
  }
}

function popupClosed(): InteractionError {
  return createError('popup_closed')
}
