import { toUrl } from './parse-url.js'

/**
 * Schemes that run, show or fetch what the URL contains, or that belong to the browser or the system. Browser extensions and apps of the
 * Microsoft Store (`ms-app`, `ms-appx-web`) get responses at schemes of their own.
 */
const UNSAFE_SCHEME =
  /^(?:javascript|data|vbscript|blob|file|about|view-source|filesystem|jar|resource|chrome|chrome-(?!extension:).*|moz-(?!extension:).*|edge|microsoft-edge|ms-(?!appx?(?:-web)?:).*|search-ms|shell|intent|ftps?|wss?|mailto|tel|sms):$/

/** Tells whether users must not be sent to URLs of this protocol, such as `javascript:`. */
export function isUnsafeScheme(protocol: string): boolean {
  return UNSAFE_SCHEME.test(protocol)
}

/** The same for the URL of a stored client, which may be any text. */
export function hasUnsafeScheme(uri: string): boolean {
  const url = toUrl(uri)
  return url !== undefined && isUnsafeScheme(url.protocol)
}
