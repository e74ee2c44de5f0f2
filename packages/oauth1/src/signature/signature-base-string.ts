import { normalizeEncoding, percentEncode } from './percent-encode.js'

/** Name and value of a parameter, both percent-encoded as RFC 5849, section 3.6 says. */
export type EncodedParameter = readonly [name: string, value: string]

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
export function signatureBase({ method, url, form = '', parameters }: SignedParts): SignatureBase {
  const own = Array.from(parameters, ([name, value]): EncodedParameter => [percentEncode(name), percentEncode(value)])
  const all = [...formParameters(url.search.slice(1)), ...formParameters(form), ...own]
  return {
    method: method.toUpperCase(),
    uri: `${url.protocol}//${url.host}${url.pathname}`,
    parameters: all.filter(([name]) => name !== 'oauth_signature').toSorted(byNameAndValue),
  }
}

/**
 * Builds the text that is signed.
 *
 * @see RFC 5849, section 3.4.1.1
 */
export function signatureBaseString(parts: SignedParts): string {
  const { method, uri, parameters } = signatureBase(parts)
  const normalized = parameters.map((parameter) => parameter.join('=')).join('&')
  return [method, uri, normalized].map(percentEncode).join('&')
}

/**
 * Reads the parameters of a query or of a form body.
 *
 * @param form as it is sent
 * @see RFC 5849, section 3.4.1.3.1
 */
export function formParameters(form: string): EncodedParameter[] {
  const pairs = form.split('&').filter((pair) => pair !== '')
  return pairs.map((pair) => {
    const [name = ''] = pair.split('=', 1)
    return [encodeForm(name), encodeForm(pair.slice(name.length + 1))]
  })
}

function encodeForm(text: string): string {
  return normalizeEncoding(text.replaceAll('+', '%20'))
}

/** By the bytes of the encoded names, then of the values. Encoded text is ASCII, so that its code units are its bytes. */
function byNameAndValue(one: EncodedParameter, other: EncodedParameter): number {
  return compare(one[0], other[0]) || compare(one[1], other[1])
}

function compare(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
