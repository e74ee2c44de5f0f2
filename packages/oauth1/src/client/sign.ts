import { headerValue } from '../signature/header-value.js'
import { secretsOf, signHmac } from '../signature/hmac.js'
import { encodeParameter, joinBaseString } from '../signature/join-base-string.js'
import { oauthParameters } from '../signature/oauth-parameters.js'
import type { SignatureMethod } from '../signature/signature-method.js'
import type { Credentials } from './credentials.js'
import { loadRare } from './lazy-rare.js'
import { loadProblems } from './load-problems.js'
import type { OAuth1Config } from './resolve-options.js'

/**
 * Signs a request as the options of the client say.
 *
 * @returns the same request, or another one, of which a redirect is to be refused
 * @param credentials in addition to the client's own
 * @param given of a request for credentials
 * @throws ConfigurationError configuration
 */
export async function sign(
  config: OAuth1Config,
  request: Request,
  credentials: Credentials | null | undefined,
  given?: Readonly<Record<string, string>>,
): Promise<Request> {
  const { options, base } = config
  const { consumerKey, consumerSecret, signatureMethod = 'HMAC-SHA1', placement = 'header', realm, bodyHash } = options
  const { headers, method } = request
  const url = new URL(request.url)
  try {
    const name = (signatureMethod as Partial<SignatureMethod>).name ?? (signatureMethod as string)
    const parameters = {
      ...oauthParameters(consumerKey, name, base.environment.now() / 1000),
      ...(credentials && { oauth_token: credentials.token }),
      ...given,
    }
    const seen = `${placement}${signatureMethod as string} ${headers.get('content-type')} ${url.searchParams}`
    // A form is signed as well. Some parameters cannot be signed, and those with bytes that are not UTF-8 not as they are decoded.
    if (bodyHash || realm !== undefined || !/^headerHMAC-SHA(1|256) (?!.*(urlencoded|oauth_|%EF%BF%BD))/i.test(seen))
      return await (await loadRare()).signRarely(options, request, parameters, credentials?.tokenSecret)
    const all = Object.entries(parameters)
    const baseString = joinBaseString(method, url, [...url.searchParams, ...all].map(encodeParameter))
    all.push(['oauth_signature', await signHmac(name, baseString, secretsOf(consumerSecret, credentials?.tokenSecret))])
    headers.set('authorization', headerValue(all))
    return request
  } catch (cause) {
    throw await (await loadProblems()).unsigned(cause)
  }
}
