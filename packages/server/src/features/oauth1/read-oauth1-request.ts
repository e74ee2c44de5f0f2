import { formParameters, isForm, readForm } from '@latchkey/oauth1/signature'
import { OAuth1Error } from './oauth1-error.js'

/** A request with its `oauth_…` parameters. */
export interface OAuth1Request {
  readonly method: string
  /** The URL that was signed. */
  readonly url: URL
  /** The parameters, decoded. */
  readonly parameters: ReadonlyMap<string, string>
  /** Those that are in the header, which the URL and the form do not have. */
  readonly headerParameters: ReadonlyMap<string, string>
  /** The form body as it was sent; undefined for another body. */
  readonly form: string | undefined
  /** The body; empty if there is none. */
  readonly body: ArrayBuffer
}

/** Larger bodies are not signed by anyone. */
const MAX_BYTES = 1_048_576

/**
 * Reads the `oauth_…` parameters from the header, the form body or the query. The body of the request stays readable.
 *
 * @param url the URL as the client knows it
 * @throws OAuth1Error duplicated_oauth_protocol_parameter, invalid_request
 * @see RFC 5849, sections 3.1 and 3.5
 */
export async function readOAuth1Request(request: Request, url: URL): Promise<OAuth1Request> {
  const body = await readBody(request)
  const form = isForm(request.headers) ? readForm(body) : undefined
  const header = readHeader(request.headers.get('authorization') ?? '')
  const places = [header, ownParameters(url.search.slice(1)), ownParameters(form ?? '')]
  const used = places.filter((place) => place.length > 0)
  if (used.length > 1) {
    throw new OAuth1Error(
      'duplicated_oauth_protocol_parameter',
      'the oauth_ parameters are in more than one place (RFC 5849, section 3.5)',
    )
  }
  const pairs = used[0] ?? []
  const parameters = new Map(pairs)
  if (parameters.size < pairs.length)
    throw new OAuth1Error('duplicated_oauth_protocol_parameter', 'an oauth_ parameter is repeated (RFC 5849, section 3.1)')
  return { method: request.method, url, parameters, headerParameters: new Map(header), form, body }
}

async function readBody(request: Request): Promise<ArrayBuffer> {
  if (request.body === null) return new ArrayBuffer(0)
  const body = await request
    .clone()
    .arrayBuffer()
    .catch((cause: unknown) => {
      throw new OAuth1Error('invalid_request', 'the body could not be read', { cause })
    })
  if (body.byteLength > MAX_BYTES) throw new OAuth1Error('invalid_request', `the body is larger than ${MAX_BYTES} bytes`)
  return body
}

function ownParameters(form: string): ReadonlyArray<readonly [string, string]> {
  return formParameters(form)
    .filter(([name]) => name.startsWith('oauth_'))
    .map(([name, value]) => [decode(name), decode(value)])
}

/** One parameter and what separates it from the next. Values are percent-encoded, so that no quote is in them. */
const PARAMETER = /\s*([\w%.~-]+)\s*=\s*"([^"]*)"\s*(?:,|$)/y

/** @returns the parameters of the header without `realm`; none if its scheme is another one. @see RFC 5849, section 3.5.1 */
function readHeader(header: string): ReadonlyArray<readonly [string, string]> {
  const [, text] = /^oauth(?:\s+(.*))?$/is.exec(header.trim()) ?? []
  if (text === undefined) return []
  const found: Array<readonly [string, string]> = []
  PARAMETER.lastIndex = 0
  while (PARAMETER.lastIndex < text.length) {
    const [, name, value] = PARAMETER.exec(text) ?? []
    if (name === undefined || value === undefined)
      throw new OAuth1Error('invalid_request', 'the Authorization header is malformed (RFC 5849, section 3.5.1)')
    if (name.toLowerCase() !== 'realm') found.push([decode(name), decode(value)])
  }
  return found
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch (cause) {
    throw new OAuth1Error('invalid_request', 'a parameter is not percent-encoded UTF-8 (RFC 5849, section 3.6)', { cause })
  }
}
