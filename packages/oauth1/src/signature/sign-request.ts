import { authorizationHeader, FORM, isForm, type ParameterPlacement, readForm, withParameters } from './placement.js'
import { formParameters, signatureBaseString } from './signature-base-string.js'
import { digest, type SignatureKeys, type SignatureMethod } from './signature-method.js'

/** How a request is signed. */
export interface SignRequestOptions {
  /** The identifier of the client. */
  readonly clientId: string
  /** The identifier of the temporary or token credentials. */
  readonly token?: string | undefined
  /** The secrets, or the private key. */
  readonly keys: SignatureKeys
  /** Signs: one of `findSignatureMethod`, or of your own. */
  readonly method: SignatureMethod
  /** Default `header`. */
  readonly placement?: ParameterPlacement | undefined
  /** First in the header, not signed. With the placement `header` only. */
  readonly realm?: string | undefined
  /** Covers bodies that are not forms by `oauth_body_hash`. Default false. @see OAuth Request Body Hash 1.0 */
  readonly bodyHash?: boolean | undefined
  /** More `oauth_…` parameters, such as `oauth_callback`. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /** Seconds since the epoch. */
  readonly timestamp: number
  /** Default: random. */
  readonly nonce?: string | undefined
}

/**
 * Signs a request. With the placement `header`, the body of another media type than a form stays a stream, unless its hash is wanted.
 *
 * @returns the request with the `oauth_…` parameters; with the placement `header`, the same object
 * @throws TypeError if the request has `oauth_…` parameters already, or no place for them in its body
 * @see RFC 5849, section 3.1
 */
export async function signRequest(request: Request, options: SignRequestOptions): Promise<Request> {
  const { keys, method, placement = 'header', realm } = options
  const url = new URL(request.url)
  const form = isForm(request.headers) ? readForm(await request.clone().arrayBuffer()) : undefined
  refuseOwnParameters(url, form)
  const parameters = new Map(Object.entries(await protocolParameters(request, options, form)))
  const baseString = signatureBaseString({ method: request.method, url, form, parameters })
  parameters.set('oauth_signature', await method.sign(baseString, keys))
  if (placement === 'header') {
    request.headers.set('authorization', authorizationHeader(parameters, realm))
    return request
  }
  if (placement === 'body') return withBody(request, withParameters(form ?? '', parameters), form === undefined)
  // The setter drops one leading question mark, which may be one of the query's own.
  url.search = `?${withParameters(url.search.slice(1), parameters)}`
  return copyTo(url.href, request)
}

async function protocolParameters(
  request: Request,
  options: SignRequestOptions,
  form: string | undefined,
): Promise<Record<string, string>> {
  const { clientId, token, method, bodyHash, timestamp, nonce = randomNonce() } = options
  const hash = bodyHash && form === undefined && method.bodyHash
  return {
    oauth_consumer_key: clientId,
    oauth_nonce: nonce,
    oauth_timestamp: String(timestamp),
    oauth_signature_method: method.name,
    oauth_version: '1.0',
    ...(token !== undefined && { oauth_token: token }),
    ...(hash && { oauth_body_hash: await digest(hash, await request.clone().arrayBuffer()) }),
    ...options.parameters,
  }
}

/** A parameter must not appear twice. @see RFC 5849, section 3.5 */
function refuseOwnParameters(url: URL, form = ''): void {
  const found = [url.search.slice(1), form].flatMap(formParameters).find(([name]) => name.startsWith('oauth_'))
  if (found) throw new TypeError(`The request has the parameter "${found[0]}" already (RFC 5849, section 3.5).`)
}

async function withBody(request: Request, body: string, isNew: boolean): Promise<Request> {
  if (request.method === 'GET' || request.method === 'HEAD' || (isNew && request.body !== null)) {
    throw new TypeError(
      `The body of this ${request.method} request has no place for the "oauth_…" parameters: it needs a body of type ${FORM} (RFC 5849, section 3.5.2).`,
    )
  }
  const copy = await copyTo(request.url, request, body)
  copy.headers.set('content-type', FORM)
  return copy
}

/**
 * `new Request(url, request)` passes the body as a stream, which browsers send over HTTP/2 only and others without its length. So the body
 * is read completely.
 */
async function copyTo(url: string, request: Request, form?: string): Promise<Request> {
  const { method, headers, mode, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive, signal } = request
  const init = { method, headers, mode, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive, signal }
  const body = method === 'GET' || method === 'HEAD' ? undefined : (form ?? (await request.blob()))
  return new Request(url, body === undefined || (body instanceof Blob && body.size === 0) ? init : { ...init, body })
}

function randomNonce(): string {
  return crypto.randomUUID().replaceAll('-', '')
}
