import { createError } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import { abortError } from '../platform/abort.js'
import type { NavigateRequest, Transport } from '../sign-in/transports/transport.js'

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
export function extensionTransport(identity: IdentityApi): Transport {
  return {
    name: 'extension',
    prepare: () => ({ navigate: (request) => launch(identity, request), cancel: () => undefined }),
  }
}

/** @throws InteractionError popup_closed, interaction_required, aborted; NetworkError network */
async function launch(identity: IdentityApi, { url, signal }: NavigateRequest): Promise<URL> {
  if (signal?.aborted) throw abortError(signal)
  // There is no call that closes the browser's window: an abort only ends the waiting.
  const aborted = new Promise<never>((_resolve, reject) =>
    signal?.addEventListener('abort', () => reject(abortError(signal)), { once: true }),
  )
  const interactive = url.searchParams.get('prompt') !== 'none'
  const launched = identity.launchWebAuthFlow({ url: url.href, interactive }).catch((cause: unknown) => {
    throw toClientError(cause)
  })
  const response = await Promise.race([launched, aborted])
  if (response === undefined || !URL.canParse(response)) throw toClientError(undefined)
  return new URL(response)
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
