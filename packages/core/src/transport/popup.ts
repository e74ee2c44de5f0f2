import type { Environment } from '../environment.js'
import { InteractionError } from '../errors.js'
import { abortError } from '../abort.js'
import { listenForResponse, responseChannelName } from './response-channel.js'
import type { NavigateRequest, Transport } from './transport.js'
import { unsupportedHere } from './unsupported-here.js'

const WIDTH = 480
const HEIGHT = 720
const POLL_MS = 250
/** How long a popup must look closed, with this page in focus, before it counts as closed by the person. */
const CLOSED_FOR_MS = 1000

/** A window of its own goes to the authorization server; this page stays as it is. Call `prepare` inside the click. */
export function popupTransport(environment: Environment): Transport {
  return {
    name: 'popup',
    prepare() {
      const { window: page, openWindow, openChannel } = environment
      if (!page || !openWindow || !openChannel) throw unsupportedHere('popup')
      const left = Math.max(0, page.screenX + (page.outerWidth - WIDTH) / 2)
      const top = Math.max(0, page.screenY + (page.outerHeight - HEIGHT) / 3)
      const popup = openWindow('about:blank', '_blank', `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`)
      if (!popup) throw popupBlocked()
      return {
        navigate: (request) => new PopupTrip(page, popup, request).run(openChannel(responseChannelName(request.state))),
        cancel: () => popup.close(),
      }
    },
  }
}

function popupBlocked(): InteractionError {
  return new InteractionError('popup_blocked', 'the browser blocked the sign-in window', {
    hint: 'Call login() directly in the click handler, allow popups for this site, or pass { fallback: "redirect" }.',
  })
}

/** One popup from its first navigation to its answer, its closing, or an abort. */
class PopupTrip {
  readonly #page: Window & typeof globalThis
  readonly #popup: Window
  readonly #request: NavigateRequest
  #wasSeenAway = false
  #pageWasFocused = false
  #closedSince: number | undefined

  constructor(page: Window & typeof globalThis, popup: Window, request: NavigateRequest) {
    this.#page = page
    this.#popup = popup
    this.#request = request
  }

  run(channel: Parameters<typeof listenForResponse>[0]): Promise<URL> {
    const { url, redirectUri, signal } = this.#request
    const ended = new AbortController()
    const answered = new Promise<URL>((resolve, reject) => {
      const stop = listenForResponse(channel, new URL(redirectUri).origin, resolve)
      ended.signal.addEventListener('abort', stop)
      signal?.addEventListener('abort', () => reject(abortError(signal)), { signal: ended.signal })
      this.#page.addEventListener('focus', () => (this.#pageWasFocused = true), { signal: ended.signal })
      const timer = setInterval(() => this.#looksClosed() && reject(popupClosed()), POLL_MS)
      ended.signal.addEventListener('abort', () => clearInterval(timer))
    })
    if (signal?.aborted) return Promise.reject(abortError(signal))
    this.#popup.location.replace(url)
    return answered.finally(() => {
      ended.abort()
      this.#popup.close()
    })
  }

  /**
   * `popup.closed` is a hint only: a page with a Cross-Origin-Opener-Policy makes it read true at once and for good, while the
   * popup is open (measured). So it counts in two cases alone. Either the popup was seen away on another page before (then no
   * such policy cut it off when it got there) and this page is in focus again; or this page *gained* the focus since, as it does
   * when a window in front of it closes. Should the popup be open after all, its answer is not lost: the callback page completes
   * the sign-in by itself when nobody listens any more, and all tabs see it.
   */
  #looksClosed(): boolean {
    if (!this.#popup.closed) {
      this.#wasSeenAway ||= isAway(this.#popup)
      this.#closedSince = undefined
      this.#pageWasFocused = false
      return false
    }
    this.#closedSince ??= Date.now()
    const isPageInFront = this.#pageWasFocused || (this.#wasSeenAway && this.#page.document.hasFocus())
    return isPageInFront && Date.now() - this.#closedSince >= CLOSED_FOR_MS
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
  return new InteractionError('popup_closed', 'the sign-in window was closed before the sign-in was complete', {
    hint: 'Nothing is wrong: offer the sign-in button again.',
  })
}
