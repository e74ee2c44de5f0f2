/**
 * Encodes text as UTF-8 and leaves only unreserved characters as they are, which `encodeURIComponent` does not.
 *
 * @see RFC 5849, section 3.6
 */
export function percentEncode(text: string): string {
  // A lone surrogate is no character. `fetch` sends U+FFFD for it as well. `escape` leaves the asterisk.
  return encodeURIComponent(text.toWellFormed())
    .replaceAll(/[!'()]/g, escape)
    .replaceAll('*', '%2A')
}
