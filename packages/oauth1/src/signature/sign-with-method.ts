import { signRequest as sign, type SignRequestOptions } from './sign-request.js'

const WRONG_METHOD = 'signRequest(): expected a signature method as "method". Pass findSignatureMethod("HMAC-SHA1"), for example.'

/**
 * Signs a request. With the placement `header`, the body of another media type than a form stays a stream, unless its hash is wanted.
 *
 * @returns the request with the `oauth_…` parameters; with the placement `header`, the same object
 * @throws TypeError if `method` is no signature method, or the request has `oauth_…` parameters already, or no place for them in its body
 * @see RFC 5849, section 3.1
 */
export async function signRequest(request: Request, options: SignRequestOptions): Promise<Request> {
  // From JavaScript it may be a name, such as "HMAC-SHA1".
  const { method } = options as { readonly method?: { readonly name?: unknown; readonly sign?: unknown } | undefined }
  if (typeof method?.name !== 'string' || typeof method.sign !== 'function') throw new TypeError(WRONG_METHOD)
  return sign(request, options)
}
