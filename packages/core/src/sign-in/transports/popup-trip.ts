import { createError } from '../../errors/create-error.js'
import type { InteractionError } from '../../errors/errors.js'
import { abortError } from '../../platform/abort.js'
import type { Environment } from '../../platform/environment.js'
import { listenForResponse, responseChannelName } from './response-channel.js'
import type { NavigateRequest } from './transport.js'

type Page = Window & typeof globalThis

const POLL_MS = 250
/** How long a popup must look closed, with this page in front, before it counts as closed by the person. */
const CLOSED_FOR_MS = 1000

/**
 * One popup from its first navigation to its answer, its closing, or an abort.
 *
 * @throws InteractionError popup_closed, aborted
 */
export async function popupTrip(
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
      const timer = setInterval(() => looksClosed() && reject(popupClosed()), POLL_MS)
      signal?.addEventListener('abort', () => reject(abortError(signal)), { signal: ended.signal })
      ended.signal.addEventListener('abort', () => {
        stop()
        clearInterval(timer)
      })
      popup.location.replace(url)
    })
  } finally {
    ended.abort()
    popup.close()
  }
}

/**
 * `popup.closed` is a hint only: a page with a Cross-Origin-Opener-Policy makes it read true at once and for good, while the
 * popup is open (measured). So it counts in two cases alone. Either the popup was seen away on another page before (then no
 * such policy cut it off when it got there) and this page is in focus again; or this page *gained* the focus since, as it does
 * when a window in front of it closes. Should the popup be open after all, its answer is not lost: the callback page completes
 * the sign-in by itself when nobody listens any more, and all tabs see it.
 *
 * @returns asked again and again, tells whether the person closed the popup
 */
function watchForClosing(page: Page, popup: Window, signal: AbortSignal): () => boolean {
  let wasSeenAway = false
  let hasGainedFocus = false
  let closedSince: number | undefined
  page.addEventListener('focus', () => (hasGainedFocus = closedSince !== undefined || popup.closed), { signal })
  return () => {
    if (!popup.closed) {
      wasSeenAway ||= isAway(popup)
      closedSince = undefined
      return false
    }
    closedSince ??= Date.now()
    const isPageInFront = hasGainedFocus || (wasSeenAway && page.document.hasFocus())
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
  return createError('popup_closed', 'the sign-in window was closed before the sign-in was complete', {
    hint: 'Nothing is wrong: offer the sign-in button again.',
  })
}
