import { abortError } from '../platform/abort.js'
import { InteractionError, NetworkError, type OAuthClientError } from '../errors/errors.js'
import type { NavigateRequest, Transport } from '../sign-in/transports/transport.js'

/** The part of `chrome.identity` (Firefox: `browser.identity`) that is used. */
export interface IdentityApi {
  launchWebAuthFlow(details: { url: string; interactive: boolean }): Promise<string | undefined>
}

/**
 * For browser extensions: the browser itself opens the window, and hands back the URL that the authorization server redirects to.
 * The manifest needs the permission `identity`; the redirect URI is that of `getRedirectURL()`, registered as it is. It works from a
 * page of the extension and from its service worker.
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
  // The browser cannot be told to close its window again: who gives up stops waiting.
  const givenUp = new Promise<never>((_resolve, reject) =>
    signal?.addEventListener('abort', () => reject(abortError(signal)), { once: true }),
  )
  const interactive = url.searchParams.get('prompt') !== 'none'
  const launched = identity.launchWebAuthFlow({ url: url.href, interactive }).catch((cause: unknown) => {
    throw explained(cause)
  })
  const answer = await Promise.race([launched, givenUp])
  if (answer === undefined || !URL.canParse(answer)) throw explained(undefined)
  return new URL(answer)
}

/** Browsers say what happened in words alone: "The user did not approve access.", "User interaction required.", and so on. */
function explained(cause: unknown): OAuthClientError {
  const words = cause instanceof Error ? cause.message : ''
  if (/interaction required/i.test(words)) {
    return new InteractionError('interaction_required', 'the authorization server wants to ask the person something', {
      hint: 'Sign in without { prompt: "none" }.',
      spec: 'OpenID Connect Core 1.0, section 3.1.2.6',
      cause,
    })
  }
  if (/approve|cancel|denied|closed/i.test(words)) {
    return new InteractionError('popup_closed', 'the sign-in window was closed before the sign-in was complete', {
      hint: 'Nothing is wrong: offer the sign-in button again.',
      cause,
    })
  }
  return new NetworkError('network', 'the browser could not show the authorization page', {
    hint: 'Check the connection, and that the redirect URI is the one of identity.getRedirectURL().',
    retryable: true,
    cause,
  })
}
