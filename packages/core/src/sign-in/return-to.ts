import { createError } from '../errors/create-error.js'

const ANY_ORIGIN = 'https://app.invalid'
/** How often a path may be encoded. */
const MAX_ROUNDS = 8

/**
 * Normalizes a return address and checks that it is a path on this origin. Anything else would make the app an open redirector.
 *
 * @param returnTo path with query and fragment
 * @returns the path as the browser shows it: `/a/../b` is `/b`
 * @throws ConfigurationError invalid_return_to for other origins, backslashes, control characters, `javascript:` and the like, and for a
 *   path that begins with two slashes once it is decoded, as routers do, and dot segments and control characters are removed
 * @see RFC 9700, section 4.11.1
 */
export function checkReturnTo(returnTo: string): string {
  // The URL parser drops tabs and newlines and reads a backslash as a slash, so they are refused first.
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/^\/(?!\/)[^\\\u0000-\u001f\u007f]*$/.test(returnTo)) {
    // A path is normalized alike on every origin; pages in Capacitor, Electron or a file have a custom one or none.
    const { origin, pathname, search, hash } = new URL(returnTo, ANY_ORIGIN)
    if (origin === ANY_ORIGIN && staysHere(pathname)) return pathname + search + hash
  }
  throw createError('invalid_return_to')
}

/** Whether a path stays on its origin, however often it is decoded. */
function staysHere(pathname: string): boolean {
  let path = pathname
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    // oxlint-disable-next-line no-control-regex -- some parsers drop them
    const cleaned = path.replace(/[\u0000-\u001f\u007f]/g, '')
    if (/^\/[/\\]/.test(cleaned) || new URL(cleaned, ANY_ORIGIN).pathname.startsWith('//')) return false
    const decoded = decodeOnce(path)
    if (decoded === path) return true
    path = decoded
  }
  return false
}

/** ASCII, and the overlong forms of slash, backslash and dot that some servers accept; not `?` and `#`, which would end the path. */
function decodeOnce(path: string): string {
  const overlong = path.replace(/%c0%a([ef])/gi, '%2$1').replace(/%c1%9c/gi, '%5c')
  return overlong.replace(/%(?!3f|23)[0-7][0-9a-f]/gi, decodeURIComponent)
}
