import { parseUrl } from '../platform/parse-url.js'
import { createError } from '../errors/create-error.js'
import type { ConfigurationError, OAuthClientError } from '../errors/errors.js'
import { abortError } from '../platform/abort.js'
import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { startTimer, type Timer } from '../platform/timer.js'
import type { NavigateRequest, Transport } from '../sign-in/transports/transport.js'
import {
  checkHost,
  checkTimeout,
  DEFAULT_TIMEOUT_SECONDS,
  type NativeTransportOptions,
  noResponse,
} from './external-browser-transport.js'

/** The part of `chrome.identity` (Firefox: `browser.identity`) that the transport uses. */
export interface IdentityApi {
  /** Opens a window for the URL. @returns the URL that the authorization server redirects to */
  launchWebAuthFlow(details: { url: string; interactive: boolean }): Promise<string | undefined>
}

/**
 * Creates a transport for browser extensions. The browser opens the window and returns the URL that the authorization server
 * redirects to. The manifest needs the permission `identity`; register the redirect URI exactly as `getRedirectURL()` returns it.
 * Works in the extension's pages and in its service worker.
 *
 * @example
 * const client = createOAuthClient({
 *   issuer: 'https://id.example.com',
 *   clientId: 'extension',
 *   redirectUri: chrome.identity.getRedirectURL(),
 *   transport: extensionTransport(chrome.identity),
 * })
 * await client.login()
 */
export function extensionTransport(identity: IdentityApi, options: NativeTransportOptions = {}): Transport {
  if (IS_DEVELOPMENT) checkHost('extensionTransport()', options, { identity })
  requireKind('extensionTransport()', 'object', options)
  const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = options
  checkTimeout(timeoutSeconds)
  return {
    name: 'extension',
    prepare: () => ({ navigate: (request) => launch(identity, request, timeoutSeconds), cancel: () => undefined }),
  }
}

/** @throws InteractionError popup_closed, interaction_required, aborted; NetworkError network, timeout; ConfigurationError unsupported */
async function launch(identity: IdentityApi, { url, signal }: NavigateRequest, timeoutSeconds: number): Promise<URL> {
  if (signal?.aborted) throw abortError(signal)
  const ended = new AbortController()
  let timer: Timer | undefined
  // There is no call that closes the browser's window: an abort or the timeout only ends the waiting.
  const stopped = new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(abortError(signal)), { signal: ended.signal })
    timer = startTimer(() => reject(noResponse(timeoutSeconds)), timeoutSeconds * 1000)
  })
  const interactive = url.searchParams.get('prompt') !== 'none'
  try {
    const response = await Promise.race([launchFlow(identity, { url: url.href, interactive }), stopped])
    const received = response === undefined ? undefined : parseUrl(response)
    if (!received) throw toClientError(undefined)
    return received
  } finally {
    ended.abort()
    clearTimeout(timer)
  }
}

async function launchFlow(identity: IdentityApi, details: { url: string; interactive: boolean }): Promise<string | undefined> {
  let launched: Promise<string | undefined> | undefined
  try {
    launched = identity.launchWebAuthFlow(details)
    // The API of Manifest V2 takes a callback and returns nothing, or throws without one.
    if (typeof launched?.then === 'function') return await launched
  } catch (cause) {
    if (launched || !isMissingCallback(cause)) throw toClientError(cause)
  }
  throw callbackApi()
}

/** Such as "Error in invocation of identity.launchWebAuthFlow(…): No matching signature." */
function isMissingCallback(cause: unknown): boolean {
  return cause instanceof TypeError || (cause instanceof Error && /invocation|signature|callback/i.test(cause.message))
}

function callbackApi(): ConfigurationError {
  return createError(
    'unsupported',
    'launchWebAuthFlow() returned no promise: the extension uses the callback API of Manifest V2.',
    {
      hint:
        'Use Manifest V3, or pass { launchWebAuthFlow: (details) => new Promise((resolve, reject) => chrome.identity.launchWebAuthFlow(details, ' +
        '(url) => (chrome.runtime.lastError ? reject(new Error(chrome.runtime.lastError.message)) : resolve(url)))) }.',
    },
  )
}

/** Browsers report the reason only as text, such as "The user did not approve access." or "User interaction required." */
function toClientError(cause: unknown): OAuthClientError {
  const message = cause instanceof Error ? cause.message : ''
  if (/interaction required/i.test(message)) {
    return createError('interaction_required', 'The authorization server requires user interaction.', {
      hint: 'Sign in without { prompt: "none" }.',
      spec: 'OpenID Connect Core 1.0, section 3.1.2.6',
      cause,
    })
  }
  if (/approve|cancel|denied|closed/i.test(message)) {
    return createError('popup_closed', 'The sign-in window was closed before the sign-in was complete.', {
      hint: 'No change is needed. Show the sign-in button again.',
      cause,
    })
  }
  return createError('network', 'The browser could not load the authorization page.', {
    hint: 'Check the connection, and that the redirect URI equals identity.getRedirectURL().',
    retryable: true,
    cause,
  })
}
