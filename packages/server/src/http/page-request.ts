import { checkPercentEncoding, readForm } from './body.js'
import { readParameters, type Parameters } from './parameters.js'
import type { Exchange } from '../options/server-parts.js'

/** A request that a browser makes for a person. */
export interface PageRequest {
  readonly params: Parameters
  /** A form that one of the server's own pages sent; the request's parameters are in the query then. */
  readonly form: URLSearchParams | undefined
  /** The exchange under the URL that has all parameters in its query, however they came: what a form posts back to. */
  readonly exchange: Exchange
}

/** Parameters come in the query, or form-encoded in a body; a body with a form token is a person's answer instead. */
export async function readPageRequest(exchange: Exchange): Promise<PageRequest> {
  const { request, url } = exchange
  checkPercentEncoding(url.search)
  if (request.method !== 'POST') return { params: readParameters(url.searchParams), form: undefined, exchange }
  const body = await readForm(request)
  if (body.has('csrf')) return { params: readParameters(url.searchParams), form: body, exchange }
  const withBody = new URL(url)
  for (const [name, value] of body) withBody.searchParams.append(name, value)
  return { params: readParameters(withBody.searchParams), form: undefined, exchange: { ...exchange, url: withBody } }
}
