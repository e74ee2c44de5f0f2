import type { ServerContext } from '../options/server-context.js'
import { checkPercentEncoding, readForm } from './body.js'
import { readParameters, type Parameters } from './parameters.js'
import type { RequestContext } from './request-context.js'
import { sealHint, unsealHint } from './sealed-hint.js'

/** A request that a browser makes for a user. */
export interface PageRequest<Server extends ServerContext = ServerContext> {
  readonly params: Parameters
  /** A form that one of the server's own pages sent; then the request's parameters are in the query. */
  readonly form: URLSearchParams | undefined
  /** The context under a URL with all parameters in its query: what forms post to. */
  readonly context: RequestContext<Server>
}

/** Reads parameters from the query or a form-encoded body. A body with a form token is the user's response to a page instead. */
export async function readPageRequest<Server extends ServerContext>(
  context: RequestContext<Server>,
): Promise<PageRequest<Server>> {
  const { request, url, server } = context
  checkPercentEncoding(url.search)
  const inQuery = await unsealHint(url.searchParams, server)
  if (request.method !== 'POST') return { params: readParameters(inQuery), form: undefined, context }
  const body = await readForm(request)
  if (isOwnForm(url, body)) return { params: readParameters(inQuery), form: body, context }
  const withBody = new URL(url)
  // Appended one by one, each would make the URL anew.
  withBody.search = new URLSearchParams([...url.searchParams, ...body]).toString()
  const params = readParameters(new URLSearchParams(withBody.searchParams))
  if (body.has('id_token_hint')) await sealHint(withBody.searchParams, server)
  return { params, form: undefined, context: { ...context, url: withBody } }
}

/** Fields of the server's own pages, none of which is a parameter of a request. */
const OWN_FIELDS = ['csrf', 'action', 'user', 'username', 'password', 'decision']

/**
 * A form of one of the server's pages, with its token or without: it must not continue as parameters in a URL, which may contain a
 * password. Requests by other sites have their parameters in the body alone.
 */
function isOwnForm({ search }: URL, body: URLSearchParams): boolean {
  return (search !== '' && body.size > 0) || OWN_FIELDS.some((name) => body.has(name))
}
