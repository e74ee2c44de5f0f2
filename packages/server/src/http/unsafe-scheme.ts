import { toUrl } from './parse-url.js'

/**
 * Schemes that run, show or fetch what the URL contains, or that belong to the browser or the system. Browser extensions and apps of the
 * Microsoft Store (`ms-app`, `ms-appx-web`) get responses at schemes of their own.
 */
const UNSAFE_SCHEME =
  /^(?:javascript|data|vbscript|blob|file|about|view-source|filesystem|jar|resource|chrome|chrome-(?!extension:).*|moz-(?!extension:).*|edge|microsoft-edge|ms-(?!appx?(?:-web)?:).*|search-ms|shell|intent|ftps?|wss?|mailto|tel|sms):$/

/**
 * Tells whether users must not be sent to a URL: its scheme is the browser's or the system's, or starts a program, as `skype:x` does. A scheme
 * of an app contains a dot (RFC 8252, section 7.1), or has a host behind it.
 */
export function isUnsafeUrl({ protocol, href }: URL): boolean {
  return UNSAFE_SCHEME.test(protocol) || (!protocol.includes('.') && !href.startsWith(`${protocol}//`))
}

/** The same for the URL of a stored client, which may be any text. A web application has no scheme of its own. */
export function isUnsafeUri(uri: string, applicationType: unknown): boolean {
  const url = toUrl(uri)
  return url === undefined || isUnsafeUrl(url) || (applicationType === 'web' && !isWeb(url))
}

function isWeb({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'http:'
}
