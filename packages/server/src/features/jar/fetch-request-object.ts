import { readResponseText } from '../../http/body.js'
import { OAuthError } from '../../http/oauth-error.js'
import { fetchOnce } from '../../http/shared-fetches.js'
import { isWebUrl } from '../allowed-uri.js'
import type { ServerContext } from '../../options/server-context.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { digest } from '../../storage/digest.js'
import { REQUEST_OBJECT_TYPE } from '../../token/assertion.js'

/** `application/jwt` is older than RFC 9101. */
const CONTENT_TYPES: readonly string[] = [`application/${REQUEST_OBJECT_TYPE}`, 'application/jwt']

/**
 * Fetches a request object from the client. Only URLs that the client has registered are fetched, compared character for character,
 * without following redirects, so that no request makes this server call another host. A fragment is the digest of the content.
 *
 * @throws OAuthError `invalid_request_uri`, which does not reveal the response
 * @see RFC 9101, sections 5.2 and 10.4; OpenID Connect Core 1.0, section 6.2
 */
export async function fetchRequestObject(
  requestUri: string,
  client: ClientRecord,
  server: Pick<ServerContext, 'fetch' | 'now'>,
): Promise<string> {
  const [url = '', ...fragment] = requestUri.split('#')
  const isRegistered = [requestUri, url].some((known) => client.requestUris?.includes(known))
  if (!isRegistered || !isWebUrl(url))
    throw new OAuthError('invalid_request_uri', '"request_uri" was neither pushed nor registered by this client')
  const isOfStranger = client.selfRegistered === true
  const wanted = { url, kind: 'request', isOfStranger, download: () => download(url, server) } as const
  const object = await fetchOnce(wanted, server).catch((cause: unknown) => {
    const expected = `200 with ${CONTENT_TYPES[0]}, in 5 seconds, without a redirect`
    throw new OAuthError('invalid_request_uri', `"request_uri" did not respond as expected: ${expected}`, { cause })
  })
  if (fragment.length > 0 && fragment.join('#') !== (await digest(object)))
    throw new OAuthError('invalid_request_uri', 'the fragment of "request_uri" is not the SHA-256 of its content')
  return object
}

async function download(url: string, server: Pick<ServerContext, 'fetch'>): Promise<string> {
  const headers = { accept: CONTENT_TYPES.join(', ') }
  const response = await server.fetch(url, { headers })
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (response.status !== 200 || !CONTENT_TYPES.includes(type)) {
    await response.body?.cancel()
    throw new TypeError('the response is not a request object')
  }
  return (await readResponseText(response)).trim()
}
