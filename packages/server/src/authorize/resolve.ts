import type { PageRequest } from '../http/page-request.js'
import { readParameters, type Parameters } from '../http/parameters.js'
import type { RequestContext } from '../http/request-context.js'
import type { AuthorizationServerContext, RequestSource, SignedRequest } from './authorization-request.js'
import { findClient } from './find-client.js'
import { findStoredRequest, REQUEST_URI_PREFIX, referTo, type ReferencedRequest } from './stored-requests.js'

type AuthorizationContext = RequestContext<AuthorizationServerContext>

/** The parameters of an authorization request, and the context under the URL that its pages post to. */
export interface ResolvedRequest extends RequestSource {
  readonly context: AuthorizationContext
  /** If the pages refer to the request, instead of repeating its parameters. */
  readonly reference?: ReferencedRequest
}

/**
 * Finds the parameters of a request: in the request itself, pushed, or in a request object, by value or by reference.
 * Parameters beside a reference are ignored. @see RFC 9126, section 4; RFC 9101, section 6.3
 */
export async function resolve({ params, form, context }: PageRequest<AuthorizationServerContext>): Promise<ResolvedRequest> {
  const plain = { params, context, isPushed: false, isSigned: false }
  const { server } = context
  // None is a plain request. Both, or one of them twice, is left to the rules to refuse (RFC 9101, section 5).
  if (requestReferences(params).length !== 1) return plain
  if (params.get('request_uri')?.startsWith(REQUEST_URI_PREFIX))
    return { ...(await findStoredRequest(params, server, form !== undefined)), context }
  const signed = await readSignedRequest(params, server)
  if (!signed) return plain
  const { search, client } = signed
  return { params: readParameters(search), client, ...(await refer(search, context)), isPushed: false, isSigned: true }
}

/** Returns the request that a feature reads from these parameters; undefined if they are the request themselves. */
export async function readSignedRequest(
  params: Parameters,
  server: AuthorizationServerContext,
  client = (): ReturnType<typeof findClient> => findClient(params, server),
): Promise<SignedRequest | undefined> {
  for (const reader of server.requestReaders) {
    const signed = await reader(params, client, server)
    if (signed) return signed
  }
  return undefined
}

function requestReferences({ search }: Parameters): readonly string[] {
  return ['request', 'request_uri'].flatMap((name) => search.getAll(name)).filter((value) => value !== '')
}

/**
 * Gives a signed request a reference that its pages post their forms to. A request object expires within a minute, which is
 * too short for a user; and the user must agree to what was shown, even if the content at the reference changes.
 */
async function refer(
  signed: URLSearchParams,
  context: AuthorizationContext,
): Promise<Required<Pick<ResolvedRequest, 'context' | 'reference'>>> {
  const { requestUri, ...reference } = await referTo(signed, context.server)
  const url = new URL(context.url)
  url.search = new URLSearchParams({ client_id: signed.get('client_id') ?? '', request_uri: requestUri }).toString()
  return { context: { ...context, url }, reference }
}
