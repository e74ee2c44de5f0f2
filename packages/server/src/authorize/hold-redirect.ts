import type { OAuthError } from '../http/oauth-error.js'
import type { RouteResult } from '../http/reply.js'
import type { RequestContext } from '../http/request-context.js'
import { sendPage } from '../http/send-page.js'
import { readSession } from '../site/browser-session.js'
import { isKnownClient } from '../site/remembered-consent.js'
import type { AuthorizationRequest } from './authorization-request.js'
import { registeredRedirectUri } from './find-redirect-uri.js'

/** A page that frames this server has led the user to itself already. @see Fetch Metadata Request Headers, section 2.1 */
const FRAMES: ReadonlySet<string | null> = new Set(['iframe', 'frame'])

/**
 * Returns the error response, or a page with a link to it: a stranger who has registered a client could otherwise send links to this server
 * that lead to any site at once. Only a user who has denied the request, or has agreed to this client before, has decided about the site.
 * Silent requests are no exception unless they are in a frame.
 *
 * @see RFC 9700, section 4.11.2
 */
export async function holdRedirect(
  context: RequestContext,
  target: Pick<AuthorizationRequest, 'client' | 'redirectUri'>,
  { error, response }: { readonly error: OAuthError; readonly response: RouteResult },
): Promise<RouteResult> {
  const { server, request } = context
  if (target.client.selfRegistered !== true || error.error === 'access_denied') return response
  if (FRAMES.has(request.headers.get('sec-fetch-dest')) || (await hasAgreed(context, target))) return response
  const { error: code, description, status } = error
  // A response by form has no link.
  const continueTo = locationOf(response)
  return sendPage(await server.site.renderErrorPage({ error: code, description, status, continueTo }), server)
}

function locationOf({ headers }: RouteResult): string | undefined {
  const location = headers instanceof Headers ? headers.get('location') : headers['location']
  return location?.toString()
}

async function hasAgreed(
  context: RequestContext,
  { client, redirectUri: requested }: Pick<AuthorizationRequest, 'client' | 'redirectUri'>,
): Promise<boolean> {
  const session = await readSession(context)
  if (!session) return false
  const redirectUri = registeredRedirectUri(requested, client) ?? requested
  return isKnownClient(context.server, { userId: session.userId, client, redirectUri })
}
