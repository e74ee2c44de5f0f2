import { OAuthError } from '../../http/oauth-error.js'

/**
 * Returns the credentials of HTTP Basic, form-decoded; undefined without an Authorization header.
 *
 * @throws OAuthError `invalid_client` for another scheme or a malformed header
 * @see RFC 6749, section 2.3.1 and appendix B; RFC 7617, section 2
 */
export function readBasicCredentials(request: Request): { readonly clientId: string; readonly secret: string } | undefined {
  const header = request.headers.get('authorization')
  if (header === null) return undefined
  const encoded = /^basic +([A-Za-z0-9+/=]+) *$/i.exec(header)?.[1]
  const text = encoded === undefined ? undefined : decodeBase64(encoded)
  const colon = text?.indexOf(':') ?? -1
  if (text === undefined || colon < 1) throw new OAuthError('invalid_client', 'the Authorization header must be HTTP Basic')
  return { clientId: formDecode(text.slice(0, colon)), secret: formDecode(text.slice(colon + 1)) }
}

/** Characters that are the same in UTF-8. */
const ASCII = /^[\x20-\x7e]*$/

function decodeBase64(encoded: string): string | undefined {
  try {
    const binary = atob(encoded)
    if (ASCII.test(binary)) return binary
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Each half is form-encoded, which URLSearchParams decodes; an unencoded `&` must not end it. */
function formDecode(half: string): string {
  if (!/[%+&]/.test(half)) return half
  return new URLSearchParams(`half=${half.replaceAll('&', '%26')}`).get('half') ?? ''
}
