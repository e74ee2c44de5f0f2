import { formParameters, isForm, readForm } from '@latchkey/oauth1/signature'
import { readUpToLimit } from '../../http/body.js'
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
  /** The body; undefined if the signature covers none, so that it was not read. */
  readonly body: ArrayBuffer | undefined
}

/** Where a request and its body are read from. */
export interface OAuth1Source {
  readonly request: Request
  /** The URL as the client knows it. */
  readonly url: URL
  /** The largest body that is read, in bytes. */
  readonly maxBodySize: number
  /** Whether the body must be covered by the signature. */
  readonly requireBodyHash?: boolean | undefined
  /** Checks the parameters of header and query before a body is read. */
  readonly check?: ((request: Pick<OAuth1Request, 'parameters'>) => Promise<void>) | undefined
  /** Reads the body. Default: a copy of the request's own, so that this stays readable. */
  readonly readBody?: ReadBody | undefined
}

/** No request for credentials, and none that has its credentials in the body, needs a larger body. */
export const MAX_CREDENTIALS_SIZE = 65_536
/** Parameters of a request: sorting them for the signature costs more than reading them. */
const MAX_PARAMETERS = 1000

/** Reads a body, up to a number of bytes. @throws OAuth1Error invalid_request, with status 413 if it is larger */
export type ReadBody = (maxBodySize: number) => Promise<ArrayBuffer>

/**
 * Reads the `oauth_…` parameters from the header, the form body or the query. The body of the request stays readable. One that the
 * signature does not cover is not read at all: it may be large.
 *
 * @throws OAuth1Error duplicated_oauth_protocol_parameter, invalid_request
 * @see RFC 5849, sections 3.1, 3.4.1.3.1 and 3.5
 */
export async function readOAuth1Request(source: OAuth1Source): Promise<OAuth1Request> {
  const { request, url, maxBodySize, requireBodyHash } = source
  checkCount(url.search)
  const header = readHeader(request.headers.get('authorization') ?? '')
  const query = ownParameters(url.search.slice(1))
  const isCovered = isForm(request.headers) || [...header, ...query].some(([name]) => name === 'oauth_body_hash')
  const early = new Map([...header, ...query])
  const isSigned = early.has('oauth_consumer_key')
  if (isSigned) await source.check?.({ parameters: early })
  const limit = isSigned ? maxBodySize : Math.min(maxBodySize, MAX_CREDENTIALS_SIZE)
  const body = isCovered || requireBodyHash ? await readBody(source, limit) : undefined
  const form = body && isForm(request.headers) ? readForm(body) : undefined
  checkCount(form ?? '')
  const parameters = fromOnePlace([header, query, ownParameters(form ?? '')])
  return { method: request.method, url, parameters, headerParameters: new Map(header), form, body }
}

async function readBody({ readBody: ofHost, request }: OAuth1Source, limit: number): Promise<ArrayBuffer> {
  return ofHost ? ofHost(limit) : readUpTo(limit, request)
}

type Pairs = ReadonlyArray<readonly [string, string]>

/** @throws OAuth1Error duplicated_oauth_protocol_parameter */
function fromOnePlace(places: readonly Pairs[]): ReadonlyMap<string, string> {
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
  return parameters
}

/** @throws OAuth1Error invalid_request */
function checkCount(form: string): void {
  let count = 1
  for (let at = form.indexOf('&'); at !== -1 && count <= MAX_PARAMETERS; at = form.indexOf('&', at + 1)) count += 1
  if (count > MAX_PARAMETERS) throw new OAuth1Error('invalid_request', `the request has more than ${MAX_PARAMETERS} parameters`)
}

/** Reads a copy of the body. */
async function readUpTo(limit: number, request: Request): Promise<ArrayBuffer> {
  checkSize(Number(request.headers.get('content-length') ?? 0), limit)
  const bytes = await cloned(request)
    .then(async (copy) => readUpToLimit(copy, limit))
    .catch((cause: unknown) => {
      throw new OAuth1Error('invalid_request', 'the body could not be read', { cause })
    })
  checkSize(bytes.byteLength, limit)
  return bytes.buffer
}

/** A body that was read before cannot be copied. */
async function cloned(request: Request): Promise<Request> {
  return request.clone()
}

/** @throws OAuth1Error invalid_request */
export function checkSize(size: number, limit: number): void {
  if (size > limit) throw new OAuth1Error('invalid_request', `the body is larger than ${limit} bytes`, { status: 413 })
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
