import { html } from 'hono/html'
import { SignJWT } from 'jose'
import type { AuthorizationRequest } from './authorization-request.js'
import type { Exchange, ServerParts } from '../options/server-parts.js'
import { layout } from '../site/pages/layout.js'
import { appendParameters } from '../http/append-parameters.js'
import { sendPage } from '../http/send-page.js'

type Target = Pick<AuthorizationRequest, 'redirectUri' | 'responseMode' | 'state' | 'client'>

/**
 * Sends the browser back to the client, with `state` as it came and `iss` against mix-up.
 *
 * @see RFC 6749, sections 4.1.2 and 4.2.2; RFC 9207, section 2
 */
export async function sendAuthorizationResponse(
  { server, request }: Exchange,
  target: Target,
  parameters: Readonly<Record<string, string>>,
): Promise<Response> {
  const { redirectUri, responseMode, state } = target
  const all = { ...parameters, ...(state === undefined ? {} : { state }), iss: server.issuer }
  const [place, isSigned] = responseMode.split('.')
  const answer = new URLSearchParams(isSigned ? { response: await sign(all, target, server) } : all)
  if (place === 'form_post')
    return sendPage(postPage(redirectUri, answer), server, { formTarget: redirectUri, allowScript: true })
  const location = appendParameters(redirectUri, answer, place === 'fragment' ? 'fragment' : 'query')
  // 303 after a form: the browser must not send the form, a password in it, on to the client (RFC 9700, section 4.12).
  const status = request.method === 'POST' ? 303 : 302
  return new Response(null, { status, headers: { location, 'cache-control': 'no-store' } })
}

/** @see JWT Secured Authorization Response Mode for OAuth 2.0, section 2.1 */
async function sign(parameters: Readonly<Record<string, string>>, { client }: Target, server: ServerParts): Promise<string> {
  const { key, kid, alg } = await server.keys.signingKey(client.idTokenSignedResponseAlg)
  const expiresAt = Math.floor(server.now() / 1000) + 600
  return new SignJWT({ ...parameters, aud: client.clientId, exp: expiresAt }).setProtectedHeader({ alg, kid }).sign(key)
}

/** The one page that runs a line of script, under a nonce; without script it is a button. @see OAuth 2.0 Form Post Response Mode, section 2 */
function postPage(redirectUri: string, answer: URLSearchParams): { html: (nonce: string) => Promise<string> } {
  const fields = [...answer].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)
  return {
    html: (nonce) =>
      layout(
        nonce,
        'Going back',
        html`<h1>Going back to the application</h1>
          <form method="post" action="${redirectUri}">${fields}<button>Continue</button></form>
          <script nonce="${nonce}">
            document.forms[0].submit()
          </script>`,
      ),
  }
}
