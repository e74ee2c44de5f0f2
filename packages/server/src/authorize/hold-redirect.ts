import type { OAuthError } from '../http/oauth-error.js'
import type { RequestContext } from '../http/request-context.js'
import { sendPage } from '../http/send-page.js'
import { readSession } from '../site/browser-session.js'
import type { AuthorizationRequest } from './authorization-request.js'

/** What a silent request of an app expects, often in a frame. */
const SILENT: ReadonlySet<string> = new Set([
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
])

/**
 * Returns the error response, or a page with a link to it: a stranger who has registered a client could otherwise send links to this server
 * that lead to any site at once. A signed-in user, and one who has denied the request, has seen this server's pages.
 *
 * @see RFC 9700, section 4.11.2
 */
export async function holdRedirect(
  context: RequestContext,
  { client }: Pick<AuthorizationRequest, 'client'>,
  { error, response }: { readonly error: OAuthError; readonly response: Response },
): Promise<Response> {
  const { server, request } = context
  if (client.selfRegistered !== true || error.error === 'access_denied') return response
  if (SILENT.has(error.error) && !isClicked(request)) return response
  if (await readSession(context)) return response
  const { error: code, description, status } = error
  // A response by form has no link.
  const continueTo = response.headers.get('location') ?? undefined
  return sendPage(await server.site.renderErrorPage({ error: code, description, status, continueTo }), server)
}

/** A link that the user clicked: apps redirect by script, or use a frame. @see Fetch Metadata Request Headers, section 2.4 */
function isClicked({ headers }: Request): boolean {
  return headers.get('sec-fetch-dest') === 'document' && headers.get('sec-fetch-user') === '?1'
}
