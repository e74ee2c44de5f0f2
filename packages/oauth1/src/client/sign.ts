import { hmac, isHmac } from '../signature/hmac.js'
import { authorizationHeader } from '../signature/placement.js'
import { signedParameters } from '../signature/signed-parameters.js'
import type { Credentials } from './credentials.js'
import { loadRareCalls } from './lazy-rare.js'
import { problem } from './load-problems.js'
import type { OAuth1ClientOptions } from './oauth1-client-options.js'
import type { OAuth1Config } from './resolve-options.js'

/** Whether a client signs with other options than most do, so that further code is loaded. */
export function isRare({ signatureMethod = 'HMAC-SHA1', placement = 'header', bodyHash }: OAuth1ClientOptions): boolean {
  return !!bodyHash || placement !== 'header' || !isHmac(signatureMethod)
}

/**
 * Signs a request as the options of the client say.
 *
 * @param credentials in addition to the client's own
 * @param parameters of a request for credentials
 * @throws ConfigurationError configuration
 */
export async function sign(
  config: OAuth1Config,
  request: Request,
  credentials: Credentials | null | undefined,
  parameters?: Readonly<Record<string, string>>,
): Promise<Request> {
  const { options, base } = config
  const { consumerKey, consumerSecret, signatureMethod = 'HMAC-SHA1', realm } = options
  const { token, tokenSecret } = credentials ?? {}
  try {
    const signing = {
      clientId: consumerKey,
      token,
      keys: { clientSecret: consumerSecret, tokenSecret },
      parameters,
      timestamp: Math.floor(base.environment.now() / 1000),
    }
    // A form is signed as well.
    if (isRare(options) || /urlencoded/i.test(request.headers.get('content-type') ?? ''))
      return await (await loadRareCalls()).signRarely(options, request, signing)
    const signed = await signedParameters(request, { ...signing, method: hmac(signatureMethod as string) })
    request.headers.set('authorization', authorizationHeader(signed, realm))
    return request
  } catch (cause) {
    throw await problem('unsigned', cause)
  }
}
