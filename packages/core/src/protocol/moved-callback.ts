import { createError } from '../errors/create-error.js'
import type { ValidationError } from '../errors/errors.js'
import { timeoutSignal } from '../platform/timer.js'
import { isAtRedirectUri } from './redirect-uri.js'
import type { ProtocolContext } from './protocol-context.js'

// Loaded for a response that arrived at another address than the redirect URI.

const TIMEOUT_MS = 5000

/**
 * Checks a response at another address than the redirect URI: with a redirect URI for each issuer, it comes from another issuer (mix-up).
 * Accepted is an address that differs by a slash at the end, if the app's web server redirects the redirect URI to it: no response can
 * arrive at the redirect URI itself then.
 *
 * @throws ValidationError issuer_mismatch
 * @see RFC 9700, section 4.4.2.2
 */
export async function checkMovedCallback(context: ProtocolContext, callbackUrl: URL, redirectUri: string): Promise<void> {
  const { environment } = context
  const { origin } = environment.window?.location ?? (globalThis as { readonly location?: Location }).location ?? {}
  // Only a page, or its worker, asks its own server.
  const isOwn = callbackUrl.origin === origin && isAtRedirectUri(withoutSlash(callbackUrl), withoutSlash(redirectUri).href)
  if (!isOwn || !(await isMoved(environment.fetch, callbackUrl, redirectUri))) throw wrongRedirectUri(callbackUrl, redirectUri)
}

function withoutSlash(address: string | URL): URL {
  const url = new URL(address)
  url.pathname = url.pathname.replace(/\/$/, '')
  return url
}

async function isMoved(send: typeof fetch, { origin, pathname }: URL, redirectUri: string): Promise<boolean> {
  try {
    // Nothing of the authorization response is sent.
    const { url } = await send(redirectUri, { method: 'HEAD', cache: 'no-store', signal: timeoutSignal(TIMEOUT_MS) })
    const reached = new URL(url)
    return reached.origin === origin && reached.pathname === pathname
  } catch {
    return false
  }
}

function wrongRedirectUri({ origin, protocol, host, pathname }: URL, redirectUri: string): ValidationError {
  const address = `${origin === 'null' ? `${protocol}//${host}` : origin}${pathname}`
  return createError('issuer_mismatch', ['movedCallback', address, redirectUri])
}
