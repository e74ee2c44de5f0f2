import { abortError } from '../platform/abort.js'
import { InteractionError } from '../errors/errors.js'
import { readResponse } from '../sign-in/response-url.js'
import type { NavigateRequest, Transport } from '../sign-in/transports/transport.js'

export type StopListening = () => void | Promise<void>

/** A browser outside the app, from which the operating system brings the answer back. @see RFC 8252, section 4.1 */
export interface ExternalBrowser {
  open(url: string): void | Promise<void>
  /** Tells of each URL that the app is opened with. The listener says whether the URL was its own. */
  onUrl(listener: (url: string) => boolean): StopListening | Promise<StopListening>
  /** Tells that the person has closed the browser, where the host knows. */
  onClosed?(listener: () => void): StopListening | Promise<StopListening>
  /** Closes the browser after the answer, where the host can. */
  close?(): void | Promise<void>
}

/** Hosts tell of the closed browser before, after, or at the same time as of the answer. */
const ANSWER_GRACE_MS = 1000

/**
 * For native hosts of every kind: opens the authorization request in the person's browser and waits for the URL that the
 * operating system opens the app with. What is not the answer to this request is left alone. The answer to a request that the
 * app was restarted in between is handled by `client.handleCallback(url)`, where the storage of the client is persistent.
 *
 * @param name of the transport, kept in the transaction
 * @see RFC 8252, sections 7.1 and 7.2
 */
export function externalBrowserTransport(name: string, browser: ExternalBrowser): Transport {
  return {
    name,
    prepare: () => ({ navigate: (request) => visit(browser, request), cancel: () => undefined }),
  }
}

/** @throws InteractionError popup_blocked, popup_closed, aborted */
async function visit(browser: ExternalBrowser, request: NavigateRequest): Promise<URL> {
  const { signal } = request
  if (signal?.aborted) throw abortError(signal)
  const ended = new AbortController()
  let listening: Promise<readonly StopListening[]> | undefined
  try {
    return await new Promise<URL>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(abortError(signal)), { signal: ended.signal })
      const giveUp = (): void => void setTimeout(() => reject(browserClosed()), ANSWER_GRACE_MS)
      listening = listen(browser, (url) => takeAnswer(url, request, resolve), giveUp)
      // Whoever listens late may miss the answer: the browser is opened last.
      listening.then(() => openBrowser(browser, request.url)).catch(reject)
    })
  } finally {
    ended.abort()
    const stops = (await listening?.catch(() => undefined)) ?? []
    await Promise.allSettled([...stops.map((stop) => stop()), browser.close?.()])
  }
}

async function listen(
  browser: ExternalBrowser,
  onUrl: (url: string) => boolean,
  onClosed: () => void,
): Promise<readonly StopListening[]> {
  const stop = await browser.onUrl(onUrl)
  return browser.onClosed ? [stop, await browser.onClosed(onClosed)] : [stop]
}

async function openBrowser(browser: ExternalBrowser, url: URL): Promise<void> {
  try {
    await browser.open(url.href)
  } catch (cause) {
    throw new InteractionError('popup_blocked', 'the browser of this device could not be opened', {
      hint: 'Check that the device has a browser, and that the app may open addresses.',
      cause,
    })
  }
}

/** @returns whether the URL is the answer to this request */
function takeAnswer(text: string, { redirectUri, state }: NavigateRequest, take: (url: URL) => void): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const expected = new URL(redirectUri)
  const isHere = url?.protocol === expected.protocol && url.host === expected.host && url.pathname === expected.pathname
  if (!url || !isHere || readResponse(url)?.state !== state) return false
  take(url)
  return true
}

function browserClosed(): InteractionError {
  return new InteractionError('popup_closed', 'the browser was closed before the sign-in was complete', {
    hint: 'Nothing is wrong: offer the sign-in button again.',
  })
}
