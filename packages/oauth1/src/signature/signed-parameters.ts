import { encodeParameter, joinBaseString, sentParameters } from './signature-base-string.js'
import type { SignatureKeys, SignatureMethod } from './signature-method.js'

/** With what a request is signed. */
export interface SigningOptions {
  /** The identifier of the client. */
  readonly clientId: string
  /** The identifier of the temporary or token credentials. */
  readonly token?: string | undefined
  /** The secrets, or the private key. */
  readonly keys: SignatureKeys
  /** Signs: one of `findSignatureMethod`, or of your own. */
  readonly method: Pick<SignatureMethod, 'name' | 'sign'>
  /** More `oauth_…` parameters, such as `oauth_callback`. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /** Seconds since the epoch. */
  readonly timestamp: number
  /** Default: random. */
  readonly nonce?: string | undefined
}

/**
 * Signs a request.
 *
 * @param form its body as it is sent, if that is a form
 * @returns the `oauth_…` parameters, the signature included
 * @throws TypeError if the request has `oauth_…` parameters already
 * @see RFC 5849, section 3.1
 */
export async function signedParameters(
  request: Request,
  { clientId, token, keys, method, timestamp, nonce, parameters }: SigningOptions,
  form = '',
): Promise<Array<readonly [name: string, value: string]>> {
  const url = new URL(request.url)
  const sent = sentParameters(url, form)
  const [own] = sent.find(([name]) => name.startsWith('oauth_')) ?? []
  // A parameter must not appear twice (RFC 5849, section 3.5).
  if (own) throw new TypeError(`The request has "${own}" already.`)
  const all: Array<readonly [string, string]> = Object.entries({
    oauth_consumer_key: clientId,
    oauth_nonce: nonce ?? crypto.randomUUID().replaceAll('-', ''),
    oauth_timestamp: `${timestamp}`,
    oauth_signature_method: method.name,
    oauth_version: '1.0',
    ...(token !== undefined && { oauth_token: token }),
    ...parameters,
  })
  const baseString = joinBaseString(request.method, url, [...sent, ...all.map(encodeParameter)])
  return [...all, ['oauth_signature', await method.sign(baseString, keys)]]
}
