import { recordOAuth1Request } from '../network-log/navigations.js'
import { CALLBACK_PATH } from './demo-provider.js'

const channelName = 'latchkey-playground:oauth1-verifier'

/** Tells the popup of the second step from other callbacks. */
const MARK = 'step'

/** What the popup found in its URL. */
interface CallbackMessage {
  readonly token: string | null
  readonly verifier: string | null
  readonly error: string | null
}

/** Returns the callback URL of the second step. */
export function popupCallbackUrl(): string {
  return `${location.origin}${CALLBACK_PATH}?${MARK}=2`
}

/**
 * Opens the page where the user allows the access. Call it inside the click handler.
 *
 * @returns the verifier
 * @throws AccessDeniedError
 */
export function requestVerifier(url: URL, signal: AbortSignal): Promise<string> {
  const popup = window.open(recordOAuth1Request(url), '_blank', 'popup,width=520,height=680')
  const token = url.searchParams.get('oauth_token')
  const channel = new BroadcastChannel(channelName)
  return new Promise<string>((resolve, reject) => {
    if (!popup) reject(new Error('The browser has blocked the popup. Allow popups for this page.'))
    signal.addEventListener('abort', () => {
      popup?.close()
      reject(new Error('You have stopped waiting for the popup.'))
    })
    channel.addEventListener('message', ({ data }: MessageEvent<CallbackMessage>) => {
      if (data.token !== token) return
      if (data.verifier) resolve(data.verifier)
      else reject(new AccessDeniedError(data.error))
    })
  }).finally(() => channel.close())
}

/** The user did not allow the access. */
export class AccessDeniedError extends Error {
  /** @param code of the provider */
  constructor(code: string | null) {
    super(`The user did not allow the access (${code}). The provider has deleted the temporary credentials: start again.`)
  }
}

/** Sends the verifier in this popup's URL to the page that opened it, and closes the popup. @returns false for another page */
export function relayVerifier(page: Pick<Location, 'href'>): boolean {
  const { pathname, searchParams } = new URL(page.href)
  const token = searchParams.get('oauth_token')
  if (pathname !== CALLBACK_PATH || !searchParams.has(MARK) || token === null) return false
  const message: CallbackMessage = { token, verifier: searchParams.get('oauth_verifier'), error: searchParams.get('error') }
  const channel = new BroadcastChannel(channelName)
  channel.postMessage(message)
  channel.close()
  history.replaceState(undefined, '', CALLBACK_PATH)
  window.close()
  return true
}
