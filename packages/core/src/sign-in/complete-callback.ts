import { parseUrl } from '../platform/parse-url.js'
import { createError } from '../errors/create-error.js'
import { OAuthClientError, type ValidationError } from '../errors/errors.js'
import { isAtRedirectUri } from '../protocol/redirect-uri.js'
import { completeSignIn, type SignInContext } from './complete.js'
import { isOwnCallback, parseState, readResponse } from './response-url.js'
import type { LoginResult, SignInConfig } from './sign-in-options.js'

/** Completes a URL that the app passed in. */
export async function completeCallback(context: SignInContext, address: string | URL): Promise<LoginResult | undefined> {
  const { config } = context
  const url = callbackUrl(config, address)
  if (isOwnCallback(config, url)) return completeSignIn(context, url)
  return readResponse(url)?.isAuthorizationResponse ? completeForeign(context, url) : undefined
}

/**
 * Resolves a relative address against the page, or without one against the redirect URI.
 *
 * @throws ConfigurationError configuration for an address that cannot be parsed; ValidationError missing_code for one with our `state`
 *   that is no response
 */
export function callbackUrl({ environment, redirectUri, key }: SignInConfig, address: string | URL): URL {
  const base = environment.window?.location.href ?? redirectUri
  const url = parseUrl(address, base)
  if (!url) throw createError('configuration', ['callbackUrl'])

  const response = readResponse(url)
  const state = parseState(response?.state)
  // The redirect after a sign-out has nothing but a `state`.
  if (state?.clientKey === key && state.kind !== 'o' && !response?.isAuthorizationResponse) throw notAResponse(url)
  return url
}

/** Our own request is shown by the app itself: a service worker (or a dev server) responded to the navigation with the app's page. */
function notAResponse({ origin, pathname }: URL): ValidationError {
  return createError('missing_code', ['ownRequest', origin + pathname])
}

/**
 * Completes a URL that does not look like this client's. A request with a custom `state` may wait for it. If none does, nothing changes
 * and the URL is reported, but it is not an error: unless the app itself received it at the redirect URI, and it has an `error` without
 * `state`. Links may lead a browser to the redirect URI, so the page's own address is no such case.
 */
async function completeForeign(context: SignInContext, url: URL): Promise<LoginResult | undefined> {
  const { environment, redirectUri = '' } = context.config
  const isReceived = url.href !== environment.window?.location.href && isAtRedirectUri(url, redirectUri)
  return completeSignIn(context, url).catch((cause: unknown) => {
    if (cause instanceof OAuthClientError && cause.code === 'mismatching_state' && !(isReceived && cause.error)) return undefined
    throw cause
  })
}
