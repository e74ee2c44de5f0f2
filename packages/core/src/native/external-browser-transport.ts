import { parseUrl } from '../platform/parse-url.js'
import { createError } from '../errors/create-error.js'
import { type OptionNames, refuseOtherKind, refuseUnknownOptions } from '../errors/unknown-options.js'
import type { InteractionError, NetworkError } from '../errors/errors.js'
import { abortError } from '../platform/abort.js'
import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { startTimer, type Timer } from '../platform/timer.js'
import { isAtRedirectUri } from '../protocol/redirect-uri.js'
import { readResponse } from '../sign-in/response-url.js'
import type { NavigateRequest, Transport } from '../sign-in/transports/transport.js'

/** Removes a listener. */
export type StopListening = () => void | Promise<void>

/** A browser outside the app. The operating system passes the response to the app. @see RFC 8252, section 4.1 */
export interface ExternalBrowser {
  /** Opens the URL in the browser. */
  open(url: string): void | Promise<void>
  /** Calls the listener with each URL that opens the app. It returns whether the URL is the response that it waits for. */
  onUrl(listener: (url: string) => boolean): StopListening | Promise<StopListening>
  /** Calls the listener when the user closes the browser, if the host can detect that. */
  onClosed?(listener: () => void): StopListening | Promise<StopListening>
  /** Closes the browser after the response, if the host can do that. */
  close?(): void | Promise<void>
}

/** Options of the transports of native hosts. */
export interface NativeTransportOptions {
  /** Seconds until a sign-in without a response fails. Most hosts cannot tell that the user has closed the browser. Default 600. */
  readonly timeoutSeconds?: number | undefined
}

const NATIVE_OPTIONS: OptionNames<NativeTransportOptions> = { timeoutSeconds: 'number' }

/** Some hosts report the closed browser shortly before the response. */
const RESPONSE_GRACE_MS = 1000
/** The lifetime of a transaction: a later response would be refused. */
export const DEFAULT_TIMEOUT_SECONDS = 600
/** For what only cleans up. */
const CLEANUP_TIMEOUT_MS = 1000

/**
 * Creates a transport for any native host. It opens the authorization request in the user's browser and waits for the operating
 * system to open the app with the response. Other URLs are ignored. If the app restarts during the sign-in and the client's storage
 * is persistent, pass the response to `client.handleCallback(url)`.
 *
 * @param name name of the transport, stored in the transaction
 * @throws ConfigurationError for a timeout that is not positive
 * @see RFC 8252, sections 7.1 and 7.2
 */
export function externalBrowserTransport(
  name: string,
  browser: ExternalBrowser,
  options: NativeTransportOptions = {},
): Transport {
  if (IS_DEVELOPMENT) checkHost('externalBrowserTransport()', options, { browser })
  requireKind('externalBrowserTransport()', 'object', options)
  const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = options
  checkTimeout(timeoutSeconds)
  return {
    name,
    prepare: () => ({ navigate: (request) => visit(browser, request, timeoutSeconds), cancel: () => undefined }),
  }
}

/** @throws InteractionError popup_blocked, popup_closed, aborted; NetworkError timeout */
async function visit(browser: ExternalBrowser, request: NavigateRequest, timeoutSeconds: number): Promise<URL> {
  const { signal } = request
  if (signal?.aborted) throw abortError(signal)
  const ended = new AbortController()
  let listening: Promise<readonly StopListening[]> | undefined
  const timers: Timer[] = []
  try {
    return await new Promise<URL>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(abortError(signal)), { signal: ended.signal })
      timers.push(startTimer(() => reject(noResponse(timeoutSeconds)), timeoutSeconds * 1000))
      const onClosed = (): void => void timers.push(startTimer(() => reject(browserClosed()), RESPONSE_GRACE_MS))
      listening = listen(browser, (url) => acceptResponse(url, request, resolve), onClosed)
      // Opened last, so that no response arrives before the listeners are registered.
      listening.then(() => (ended.signal.aborted ? undefined : openBrowser(browser, request.url))).catch(reject)
    })
  } finally {
    ended.abort()
    timers.forEach(clearTimeout)
    await cleanUp(browser, listening)
  }
}

/** The sign-in has its result by now: a host that fails or does not respond must not keep it. */
async function cleanUp(browser: ExternalBrowser, listening: Promise<readonly StopListening[]> | undefined): Promise<void> {
  const stopListening = async (): Promise<void> => {
    await Promise.allSettled(((await listening) ?? []).map(async (stop) => stop()))
  }
  const close = async (): Promise<void> => browser.close?.()
  let timer: Timer | undefined
  const timedOut = new Promise<void>((resolve) => (timer = startTimer(resolve, CLEANUP_TIMEOUT_MS)))
  await Promise.race([Promise.allSettled([stopListening(), close()]), timedOut])
  clearTimeout(timer)
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
    throw createError('popup_blocked', 'The browser of this device could not be opened.', {
      hint: 'Check that the device has a browser, and that the app has permission to open URLs.',
      cause,
    })
  }
}

/** @returns whether the URL is the response to this request */
function acceptResponse(text: string, { redirectUri, state }: NavigateRequest, accept: (url: URL) => void): boolean {
  const url = parseUrl(text)
  if (!url || !isAtRedirectUri(url, redirectUri) || readResponse(url)?.state !== state) return false
  accept(url)
  return true
}

/**
 * Checks the arguments of a transport. Loaded in development only.
 *
 * @param parts of the host, by name
 * @throws ConfigurationError
 */
export function checkHost(where: string, options: unknown, parts: Readonly<Record<string, unknown>>): void {
  for (const [name, part] of Object.entries(parts)) refuseOtherKind(where, name, [part, 'object | function', 'required'])
  refuseUnknownOptions(where, options, NATIVE_OPTIONS)
}

/** @throws ConfigurationError */
export function checkTimeout(timeoutSeconds: number): void {
  if (timeoutSeconds > 0) return
  const hint = 'Omit it to use the default of 600 seconds.'
  throw createError('configuration', `"timeoutSeconds" must be positive. Received ${timeoutSeconds}.`, { hint })
}

/** The error of a sign-in that no response has ended in time. */
export function noResponse(timeoutSeconds: number): NetworkError {
  return createError('timeout', `No authorization response arrived within ${timeoutSeconds} s.`, {
    hint: 'The user may have closed the browser: show the sign-in button again. If every sign-in ends like this, check that the redirect URI opens this app.',
    retryable: true,
  })
}

function browserClosed(): InteractionError {
  return createError('popup_closed', 'The browser was closed before the sign-in was complete.', {
    hint: 'No change is needed. Show the sign-in button again.',
  })
}
