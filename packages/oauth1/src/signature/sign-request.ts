import { isForm, readForm } from './form-body.js'
import { authorizationHeader, type ParameterPlacement } from './placement.js'
import { hashBody, placeParameters } from './rare-requests.js'
import type { SignatureMethod } from './signature-method.js'
import { signedParameters, type SigningOptions } from './signed-parameters.js'

/** How a request is signed. */
export interface SignRequestOptions extends SigningOptions {
  /** Signs: one of `findSignatureMethod`, or of your own. */
  readonly method: Omit<SignatureMethod, 'verify'>
  /** Default `header`. */
  readonly placement?: ParameterPlacement | undefined
  /** First in the header, not signed. With the placement `header` only. */
  readonly realm?: string | undefined
  /** Covers bodies that are not forms by `oauth_body_hash`. Default false. @see OAuth Request Body Hash 1.0 */
  readonly bodyHash?: boolean | undefined
}

/**
 * Signs a request. With the placement `header`, the body of another media type than a form stays a stream, unless its hash is wanted.
 *
 * @returns the request with the `oauth_…` parameters; with the placement `header`, the same object
 * @throws TypeError if the request has `oauth_…` parameters already, or no place for them in its body
 * @see RFC 5849, section 3.1
 */
export async function signRequest(request: Request, options: SignRequestOptions): Promise<Request> {
  const { method, placement = 'header', realm, bodyHash } = options
  const form = isForm(request.headers) ? readForm(await request.clone().arrayBuffer()) : undefined
  // The placement `body` makes a form of a missing body, which has no hash (OAuth Request Body Hash 1.0, section 4.1.1).
  const hash = bodyHash && form === undefined && placement !== 'body' && method.bodyHash
  const parameters = { ...(hash && { oauth_body_hash: await hashBody(hash, request) }), ...options.parameters }
  const signed = await signedParameters(request, { ...options, parameters }, form)
  if (placement !== 'header') return placeParameters(request, placement, form, signed)
  request.headers.set('authorization', authorizationHeader(signed, realm))
  return request
}
