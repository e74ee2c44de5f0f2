/**
 * Appends parameters to a URI as text: a registered URI may have a query, and must not be normalized.
 *
 * @see RFC 6749, section 3.1.2
 */
export function appendParameters(uri: string, parameters: URLSearchParams, part: 'query' | 'fragment'): string {
  const text = parameters.toString()
  if (text === '') return uri
  if (part === 'fragment') return `${uri}#${text}`
  const separator = uri.includes('?') ? (/[?&]$/.test(uri) ? '' : '&') : '?'
  return `${uri}${separator}${text}`
}
