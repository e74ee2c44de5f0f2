import { type EncodedParameter, encodeParameter, joinBaseString } from './join-base-string.js'
import { normalizeEncoding } from './normalize-encoding.js'

/** The parts of a request that are signed. */
export interface SignedParts {
  readonly method: string
  readonly url: URL
  /** A form body as it is sent. Absent for any other body, which no signature covers. */
  readonly form?: string | undefined
  /** The `oauth_…` parameters of the header, without `realm` and `oauth_signature`, decoded. */
  readonly parameters: Iterable<readonly [name: string, value: string]>
}

/** The three parts of a signature base string, before they are encoded and joined. */
export interface SignatureBase {
  /** In upper case. */
  readonly method: string
  /** Scheme, host, port (unless it is the scheme's own) and path. @see RFC 5849, section 3.4.1.2 */
  readonly uri: string
  /** The normalized parameters in their order. @see RFC 5849, section 3.4.1.3.2 */
  readonly parameters: readonly EncodedParameter[]
}

/**
 * Collects what a signature covers.
 *
 * @see RFC 5849, section 3.4.1
 */
export function signatureBase(parts: SignedParts): SignatureBase {
  const [method = '', uri = '', parameters = ''] = signatureBaseString(parts).split('&').map(decodeURIComponent)
  return {
    method,
    uri,
    parameters: parameters
      .split('&')
      .filter(Boolean)
      .map((pair) => pair.split('=') as [string, string]),
  }
}

/**
 * Builds the text that is signed.
 *
 * @see RFC 5849, section 3.4.1.1
 */
export function signatureBaseString({ method, url, form = '', parameters }: SignedParts): string {
  const all = [...sentParameters(url, form), ...Array.from(parameters, encodeParameter)]
  return joinBaseString(
    method,
    url,
    all.filter(([name]) => name !== 'oauth_signature'),
  )
}

/** The parameters of the query and of a form body. */
export function sentParameters(url: URL, form: string): EncodedParameter[] {
  return formParameters(`${url.search.slice(1)}&${form}`)
}

/**
 * Reads the parameters of a query or of a form body.
 *
 * @param form as it is sent
 * @see RFC 5849, section 3.4.1.3.1
 */
export function formParameters(form: string): EncodedParameter[] {
  const pairs = form.split('&').filter(Boolean)
  return pairs.map((pair) => {
    const [name = '', ...value] = pair.replaceAll('+', '%20').split('=')
    return [normalizeEncoding(name), normalizeEncoding(value.join('='))]
  })
}
