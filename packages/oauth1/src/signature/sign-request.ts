import { isForm, readForm } from './form-body.js'
import { encodeParameter, joinBaseString } from './join-base-string.js'
import { oauthParameters } from './oauth-parameters.js'
import { authorizationHeader, type ParameterPlacement } from './placement.js'
import { hashBody, placeParameters } from './rare-requests.js'
import { sentParameters } from './signature-base-string.js'
import type { SignatureKeys, SignatureMethod } from './signature-method.js'

/** With what a request is signed, besides its parameters. */
export interface SigningOptions {
  /** The secrets, or the private key. */
  readonly keys: SignatureKeys
  /** Signs: one of `findSignatureMethod`, or of your own. */
  readonly method: Omit<SignatureMethod, 'verify'>
  /** Where the parameters are. Default `header`. */
  readonly placement?: ParameterPlacement | undefined
  /** First in the header, not signed. With the placement `header` only. */
  readonly realm?: string | undefined
  /** Covers bodies that are not forms by `oauth_body_hash`. Default false. @see OAuth Request Body Hash 1.0 */
  readonly bodyHash?: boolean | undefined
}

/** How a request is signed. */
export interface SignRequestOptions extends SigningOptions {
  /** The identifier of the client. */
  readonly clientId: string
  /** The identifier of the temporary or token credentials. */
  readonly token?: string | undefined
  /** More `oauth_…` parameters, such as `oauth_callback`. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /** Seconds since the epoch. */
  readonly timestamp: number
  /** Makes the request unique. Default: 30 random letters and digits. */
  readonly nonce?: string | undefined
}

/**
 * Signs a request. With the placement `header`, the body of another media type than a form stays a stream, unless its hash is wanted.
 *
 * @returns the request with the `oauth_…` parameters; with the placement `header`, the same object
 * @throws TypeError if the request has `oauth_…` parameters already, or no place for them in its body
 * @see RFC 5849, section 3.1
 */
export function signRequest(
  request: Request,
  { clientId, token, nonce, timestamp, parameters, ...signing }: SignRequestOptions,
): Promise<Request> {
  return signParameters(request, signing, {
    ...oauthParameters(clientId, signing.method.name, timestamp),
    ...(nonce !== undefined && { oauth_nonce: nonce }),
    ...(token !== undefined && { oauth_token: token }),
    ...parameters,
  })
}

/**
 * Signs a request with its `oauth_…` parameters.
 *
 * @see signRequest
 */
export async function signParameters(
  request: Request,
  { method, keys, placement = 'header', realm, bodyHash }: SigningOptions,
  parameters: Readonly<Record<string, string>>,
): Promise<Request> {
  const form = isForm(request.headers) ? readForm(await request.clone().arrayBuffer()) : undefined
  const url = new URL(request.url)
  const sent = sentParameters(url, form ?? '')
  const [own] = sent.find(([name]) => name.startsWith('oauth_')) ?? []
  // A parameter must not appear twice (RFC 5849, section 3.5).
  if (own) throw new TypeError(`The request has "${own}" already.`)
  // The placement `body` makes a form of a missing body, which has no hash (OAuth Request Body Hash 1.0, section 4.1.1).
  const hash = bodyHash && form === undefined && placement !== 'body' && method.bodyHash
  const hashed = hash ? { oauth_body_hash: await hashBody(hash, request) } : {}
  const all = Object.entries({ ...hashed, ...parameters })
  const baseString = joinBaseString(request.method, url, [...sent, ...all.map(encodeParameter)])
  all.push(['oauth_signature', await method.sign(baseString, keys)])
  if (placement !== 'header') return placeParameters(request, placement, form, all)
  request.headers.set('authorization', authorizationHeader(all, realm))
  return request
}
