import { readAnswer } from '../../http/body.js'
import { OAuthError } from '../../http/oauth-error.js'
import { isWebAddress } from '../registration/allowed-uri.js'
import type { ServerParts } from '../../options/server-parts.js'
import type { ClientRecord } from '../../storage/client-store.js'
import { digest } from '../../storage/digest.js'
import { REQUEST_OBJECT_TYPE } from '../../token/assertion.js'

/** Milliseconds from the request to the last byte; the person is waiting. */
const TIMEOUT = 5000
/** `application/jwt` is from before RFC 9101. */
const CONTENT_TYPES: readonly string[] = [`application/${REQUEST_OBJECT_TYPE}`, 'application/jwt']

/**
 * Fetches a request object from where the client put it. Only addresses that the client has registered are asked, character for
 * character, and none that they redirect to: nobody makes this server call another. A fragment is the digest of the content.
 *
 * @throws OAuthError `invalid_request_uri`, which does not tell what was found there
 * @see RFC 9101, sections 5.2 and 10.4; OpenID Connect Core 1.0, section 6.2
 */
export async function fetchRequestObject(requestUri: string, client: ClientRecord, server: ServerParts): Promise<string> {
  const [address = '', ...fragment] = requestUri.split('#')
  const isRegistered = [requestUri, address].some((known) => client.requestUris?.includes(known))
  if (!isRegistered || !isWebAddress(address))
    throw new OAuthError(
      'invalid_request_uri',
      '"request_uri" is neither one that was pushed nor one that this client has registered',
    )
  const object = await load(address, server).catch((cause: unknown) => {
    const how = `with 200 and ${CONTENT_TYPES[0]}, in ${TIMEOUT / 1000} seconds, without a redirect`
    throw new OAuthError('invalid_request_uri', `"request_uri" did not answer ${how}`, { cause })
  })
  if (fragment.length > 0 && fragment.join('#') !== (await digest(object)))
    throw new OAuthError('invalid_request_uri', 'the fragment of "request_uri" is not the SHA-256 of what was found there')
  return object
}

async function load(address: string, server: ServerParts): Promise<string> {
  const signal = AbortSignal.timeout(TIMEOUT)
  const late = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new TypeError('the answer took too long')), { once: true })
  })
  // The signal ends the request; the race ends the waiting where a `fetch` of the host's own does not look at signals.
  return Promise.race([download(address, server, signal), late])
}

async function download(address: string, server: ServerParts, signal: AbortSignal): Promise<string> {
  const headers = { accept: CONTENT_TYPES.join(', ') }
  const response = await server.fetch(address, { headers, redirect: 'manual', signal })
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (response.status !== 200 || response.redirected || !CONTENT_TYPES.includes(type)) {
    await response.body?.cancel()
    throw new TypeError('the answer is not a request object')
  }
  return (await readAnswer(response)).trim()
}
