import { html } from 'hono/html'
import { SignJWT } from 'jose'
import { appendParameters } from '../http/append-parameters.js'
import type { RouteResult } from '../http/reply.js'
import { redirectTo } from '../http/redirect-to.js'
import type { RequestContext } from '../http/request-context.js'
import { sendPage } from '../http/send-page.js'
import type { ServerContext } from '../options/server-context.js'
import { layout } from '../site/pages/layout.js'
import type { Page } from '../site/site-adapter.js'
import type { AuthorizationRequest } from './authorization-request.js'

type Target = Pick<AuthorizationRequest, 'redirectUri' | 'responseMode' | 'state' | 'client'>

/**
 * Sends the authorization response: redirects the browser to the client, with the request's `state`, and `iss` against mix-up.
 *
 * @see RFC 6749, sections 4.1.2 and 4.2.2; RFC 9207, section 2
 */
export async function respond(
  { server, request }: RequestContext,
  target: Target,
  parameters: Readonly<Record<string, string>>,
): Promise<RouteResult> {
  const { redirectUri, responseMode, state } = target
  const all = Object.assign({}, parameters, state !== undefined && { state }, { iss: server.issuer })
  const [mode, isSigned] = responseMode.split('.')
  const response = new URLSearchParams(isSigned ? { response: await sign(all, target, server) } : all)
  if (mode === 'form_post')
    return sendPage(formPostPage(redirectUri, response), server, { formTarget: redirectUri, allowScript: true })
  const location = appendParameters(redirectUri, response, mode === 'fragment' ? 'fragment' : 'query')
  return redirectTo(location, request)
}

/** @see JWT Secured Authorization Response Mode for OAuth 2.0, section 2.1 */
async function sign(
  parameters: Readonly<Record<string, string>>,
  { client }: Target,
  server: Pick<ServerContext, 'keys' | 'now'>,
): Promise<string> {
  const { key, kid, alg } = await server.keys.signingKey(client.idTokenSignedResponseAlg)
  const expiresAt = Math.floor(server.now() / 1000) + 600
  return new SignJWT({ ...parameters, aud: client.clientId, exp: expiresAt }).setProtectedHeader({ alg, kid }).sign(key)
}

/** The only page that runs script, under a nonce; without script it shows a button. @see OAuth 2.0 Form Post Response Mode, section 2 */
function formPostPage(redirectUri: string, response: URLSearchParams): Page {
  const fields = [...response].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)
  return {
    html: (nonce) =>
      layout(
        nonce,
        'Returning to the application',
        html`<h1>Returning to the application</h1>
          <form method="post" action="${redirectUri}">${fields}<button>Continue</button></form>
          <script nonce="${nonce}">
            document.forms[0].submit()
          </script>`,
      ),
  }
}
