import { createError } from '../errors/create-error.js'

/**
 * Checks that a return address is a path on this origin. Anything else would make the app an open redirector.
 *
 * @param returnTo path with query and fragment
 * @param origin of the page, if there is one
 * @throws ConfigurationError invalid_return_to for other origins, `//host`, backslashes, control characters, `javascript:` and the like
 * @see RFC 9700, section 4.11.1
 */
export function checkReturnTo(returnTo: string, origin: string | undefined): string {
  // The URL parser drops tabs and newlines and reads a backslash as a slash, so they are refused first.
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const isPath = /^\/(?![/\\])[^\\\u0000-\u001f]*$/.test(returnTo)
  // Pages in Capacitor, Electron or a file have a custom scheme or none. A path is a path there, too.
  const base = origin !== undefined && URL.canParse(origin) ? origin : 'https://app.invalid'
  if (!isPath || new URL(returnTo, base).origin !== new URL(base).origin) throw createError('invalid_return_to')

  return returnTo
}

/** Shows the page on which the sign-in started. Routers that listen to `popstate` follow. */
export function showReturnTo(page: Window & typeof globalThis, returnTo: string): void {
  page.history.replaceState(page.history.state, '', returnTo)
  page.dispatchEvent(new page.PopStateEvent('popstate', { state: page.history.state as unknown }))
}
