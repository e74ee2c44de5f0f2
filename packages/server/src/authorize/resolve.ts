import type { PageRequest } from '../http/page-request.js'
import { readParameters, type Parameters } from '../http/parameters.js'
import { fetchRequestObject } from '../features/jar/fetch-request-object.js'
import { readRequestObject } from '../features/jar/read-request-object.js'
import type { Exchange, ServerParts } from '../options/server-parts.js'
import { findClient } from './find-client.js'
import { PUSHED_PREFIX, resolvePushedRequest, savePushedRequest, type KeptRequest } from '../features/par/pushed-requests.js'

/** An authorization request out of whatever it was carried in. */
interface ResolvedRequest extends KeptRequest {
  readonly exchange: Exchange
}

/**
 * Finds the parameters of a request: they stand there openly, were pushed, or are in a request object, by value or by reference.
 * Where they are elsewhere, what stands beside the reference does not count. @see RFC 9126, section 4; RFC 9101, section 6.3
 */
export async function resolveRequest({ params, form, exchange }: PageRequest): Promise<ResolvedRequest> {
  const { server } = exchange
  if (carriersOf(params).length !== 1) return { params, exchange, isPushed: false, isSigned: false }
  if (params.get('request_uri')?.startsWith(PUSHED_PREFIX))
    return { ...(await resolvePushedRequest(params, server, form !== undefined)), exchange }
  const signed = await readSignedRequest(params, server)
  if (!signed) return { params, exchange, isPushed: false, isSigned: false }
  return { params: readParameters(signed), exchange: await keep(signed, exchange), isPushed: false, isSigned: true }
}

/** @returns the request in a request object; undefined where there is none, or such requests are switched off here */
export async function readSignedRequest(params: Parameters, server: ServerParts): Promise<URLSearchParams | undefined> {
  const [request, requestUri] = [params.get('request'), params.get('request_uri')]
  const { byValue, byReference } = server.requestObjects
  if (request !== undefined && byValue) return readRequestObject(request, await findClient(params, server), server)
  if (requestUri === undefined || !byReference) return undefined
  const client = await findClient(params, server)
  return readRequestObject(await fetchRequestObject(requestUri, client, server), client, server)
}

/** One is right; what comes twice, or both ways at once, is left to the rules about requests. @see RFC 9101, section 5 */
function carriersOf({ search }: Parameters): readonly string[] {
  return ['request', 'request_uri'].flatMap((name) => search.getAll(name)).filter((value) => value !== '')
}

/**
 * Keeps what was signed, under a name that the pages of this request post their forms to. A request object lives for a minute, a
 * person takes longer; and what they agree to is what they were shown, whatever is at the reference by then.
 */
async function keep(signed: URLSearchParams, exchange: Exchange): Promise<Exchange> {
  const { requestUri } = await savePushedRequest(signed, exchange.server, { isSigned: true, hasArrived: true })
  const url = new URL(exchange.url)
  url.search = new URLSearchParams({ client_id: signed.get('client_id') ?? '', request_uri: requestUri }).toString()
  return { ...exchange, url }
}
