import { authorizationHeader, isForm, type ParameterPlacement, readForm } from './placement.js'
import { formParameters, signatureBaseString } from './signature-base-string.js'
import type { SignatureKeys, SignatureMethod } from './signature-method.js'

/** How a request is signed. */
export interface SignRequestOptions {
  /** The identifier of the client. */
  readonly clientId: string
  /** The identifier of the temporary or token credentials. */
  readonly token?: string | undefined
  /** The secrets, or the private key. */
  readonly keys: SignatureKeys
  /** Signs: one of `findSignatureMethod`, or of your own. */
  readonly method: Omit<SignatureMethod, 'verify'>
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
  if (placement !== 'header') return (await loadRare()).placeParameters(request, placement, form, parameters)
  request.headers.set('authorization', authorizationHeader(parameters, realm))
  return request
}

/** What few requests need, in a chunk of its own. */
const loadRare = (): Promise<typeof import('./rare-requests.js')> => import('./rare-requests.js')

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
    ...(hash && { oauth_body_hash: await (await loadRare()).hashBody(hash, request) }),
    ...options.parameters,
  }
}

/** A parameter must not appear twice. @see RFC 5849, section 3.5 */
function refuseOwnParameters(url: URL, form = ''): void {
  const found = [url.search.slice(1), form].flatMap(formParameters).find(([name]) => name.startsWith('oauth_'))
  if (found) throw new TypeError(`The request has the parameter "${found[0]}" already (RFC 5849, section 3.5).`)
}

function randomNonce(): string {
  return crypto.randomUUID().replaceAll('-', '')
}
