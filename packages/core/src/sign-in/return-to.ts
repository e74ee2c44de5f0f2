import { createError } from '../errors/create-error.js'

const ANY_ORIGIN = 'https://app.invalid'

/**
 * Normalizes a return address and checks that it is a path on this origin. Anything else would make the app an open redirector.
 *
 * @param returnTo path with query and fragment
 * @returns the path as the browser shows it: `/a/../b` is `/b`
 * @throws ConfigurationError invalid_return_to for other origins, backslashes, control characters, `javascript:` and the like, and for a
 *   path that begins with two slashes once dot segments are removed and encoded slashes are decoded, as routers do
 * @see RFC 9700, section 4.11.1
 */
export function checkReturnTo(returnTo: string): string {
  // The URL parser drops tabs and newlines and reads a backslash as a slash, so they are refused first.
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/^\/(?!\/)[^\\\u0000-\u001f\u007f]*$/.test(returnTo)) {
    // A path is normalized alike on every origin; pages in Capacitor, Electron or a file have a custom one or none.
    const { origin, pathname, search, hash } = new URL(returnTo, ANY_ORIGIN)
    if (origin === ANY_ORIGIN && !/^\/(\/|%2f|%5c)/i.test(pathname)) return pathname + search + hash
  }
  throw createError('invalid_return_to')
}

/** Shows the page on which the sign-in started. Routers that listen to `popstate` follow. */
export function showReturnTo(page: Window & typeof globalThis, returnTo: string): void {
  page.history.replaceState(page.history.state, '', returnTo)
  page.dispatchEvent(new page.PopStateEvent('popstate', { state: page.history.state as unknown }))
}
