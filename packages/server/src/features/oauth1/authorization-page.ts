import { html } from 'hono/html'
import { interact } from '../../authorize/interact.js'
import { appendParameters } from '../../http/append-parameters.js'
import { OAuthError } from '../../http/oauth-error.js'
import { readPageRequest, type PageRequest } from '../../http/page-request.js'
import { checkRepeatedParameters } from '../../http/parameters.js'
import { cleanText } from '../../http/plain-text.js'
import { redirectTo } from '../../http/redirect-to.js'
import type { RouteResult } from '../../http/reply.js'
import type { RequestContext } from '../../http/request-context.js'
import { sendPage } from '../../http/send-page.js'
import { OUT_OF_BAND_URI } from '../../site/out-of-band.js'
import { clientLabel } from '../../site/pages/authorization-page.js'
import { layout } from '../../site/pages/layout.js'
import type { Page } from '../../site/site-adapter.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { isCallbackUrl } from './callback-url.js'
import { OUT_OF_BAND } from './credential-endpoints.js'
import type { OAuth1ClientRecord } from './oauth1-client-record.js'
import { OAuth1Error, refusal } from './oauth1-error.js'
import { asBoolean, type TemporaryCredential } from './oauth1-hooks.js'
import { type OAuth1Settings, randomText } from './oauth1-settings.js'

/** One authorization that a user decides. */
interface Authorization {
  readonly temporary: TemporaryCredential
  readonly client: OAuth1ClientRecord
  /** Where the browser continues; undefined if the user copies the verifier. */
  readonly callback: string | undefined
}

/** Characters of a verifier. */
const VERIFIER_LENGTH = 36
/** Characters of a verifier that a user copies. One wrong try ends the temporary credentials. */
const TYPED_LENGTH = 10
/** Letters that are hard to confuse. */
const TYPED_CHARACTERS = 'BCDFGHJKLMNPQRSTVWXZ'

/** Characters of what the user allows, as pages show it. */
const MAX_ACCESS = 300

/**
 * The page where a user signs in and allows the access. Consent is always requested: anyone can send a link with temporary credentials.
 *
 * @throws OAuth1Error missing_required_parameter, invalid_token
 * @see RFC 5849, section 2.2
 */
export async function authorizationEndpoint(incoming: RequestContext, settings: OAuth1Settings): Promise<RouteResult> {
  if (!['GET', 'HEAD', 'POST'].includes(incoming.request.method)) {
    const headers = { allow: 'GET, POST' }
    const error = new OAuth1Error('method_not_allowed', 'this endpoint supports GET and POST', { headers })
    return refusal(error, incoming.server.issuer, 'json')
  }
  const page = await readPageRequest(incoming)
  checkRepeatedParameters(page.params)
  const authorization = await findAuthorization(page, settings)
  const { client, temporary, callback } = authorization
  try {
    const shown = asClientRecord(client)
    const agreed = await interact(
      page.context,
      {
        params: page.params,
        client: shown,
        scope: [cleanText(client.access ?? 'your account', MAX_ACCESS)],
        redirectUri: callback ?? OUT_OF_BAND_URI,
        prompt: ['consent'],
        maxAge: undefined,
        hintedSubject: undefined,
        claims: undefined,
        essentialAcr: [],
        authorizationDetails: undefined,
        grant: undefined,
        isNeverRemembered: true,
      },
      { form: page.form },
    )
    if (agreed instanceof Response) return agreed
    // There is nothing smaller to agree to.
    if (agreed.request.scope.length === 0) throw new OAuthError('access_denied', 'the user denied the request')
    return await allow(page.context, { authorization, settings }, agreed.session.userId)
  } catch (error) {
    if (!(error instanceof OAuthError) || error.error !== 'access_denied') throw error
    await settings.hooks(page.context.server).deleteTemporaryCredential(temporary)
    page.context.server.emit({ type: 'authorization.denied', clientId: client.clientId })
    return answer(page.context, authorization, { ...error.parameters, oauth_token: temporary.token })
  }
}

async function findAuthorization({ params, context }: PageRequest, settings: OAuth1Settings): Promise<Authorization> {
  const { server } = context
  const token = params.get('oauth_token')
  if (token === undefined) throw new OAuth1Error('missing_required_parameter', 'missing "oauth_token" in parameters')
  const temporary = await settings.hooks(server).getTemporaryCredential(token)
  const client = temporary && (await settings.clients.findClient(temporary.clientId))
  if (!temporary || !client || temporary.expiresAt <= server.now() || temporary.verifier !== undefined)
    throw new OAuth1Error('invalid_token', 'this link has expired or was used before. Start again in the application')
  const callback = temporary.callback === OUT_OF_BAND ? client.defaultRedirectUri : temporary.callback
  // A listed client is refused when the server is made; a stored one only here.
  if (callback !== undefined && !isCallbackUrl(callback))
    throw new OAuth1Error('invalid_request', 'the client has a "defaultRedirectUri" that users must not be sent to')
  return { temporary, client, callback }
}

/** Of two browsers, the first decision counts. */
async function allow(
  context: RequestContext,
  { authorization, settings }: { readonly authorization: Authorization; readonly settings: OAuth1Settings },
  userId: string,
): Promise<RouteResult> {
  const { server } = context
  const { temporary, client, callback } = authorization
  const verifier = callback === undefined ? randomText(TYPED_LENGTH, TYPED_CHARACTERS) : randomText(VERIFIER_LENGTH)
  const isFirst = await settings.hooks(server).createAuthorizationVerifier(temporary, { userId, verifier })
  if (!asBoolean('createAuthorizationVerifier', isFirst))
    throw new OAuth1Error('invalid_token', 'this link was used in another window. Start again in the application')
  server.emit({ type: 'authorization.granted', clientId: client.clientId, userId })
  return answer(context, authorization, { oauth_token: temporary.token, oauth_verifier: verifier })
}

function answer(
  { server, request }: RequestContext,
  { callback, client }: Authorization,
  parameters: Readonly<Record<string, string>>,
): Promise<RouteResult> | RouteResult {
  if (callback === undefined) return sendPage(outOfBandPage(client, parameters['oauth_verifier']), server)
  const location = appendParameters(callback, new URLSearchParams(parameters), 'query')
  return redirectTo(location, request, { 'referrer-policy': 'no-referrer' })
}

/** Shows the verifier to copy, or that the access was denied. */
function outOfBandPage(client: OAuth1ClientRecord, verifier: string | undefined): Page {
  const name = clientLabel(asClientRecord(client))
  const title = verifier === undefined ? 'Access denied' : 'Copy this code'
  const content =
    verifier === undefined
      ? html`<p>${name} got no access. You can close this page.</p>`
      : html`<p>Type it into ${name}. Do not give it to anyone else.</p>
          <p><code id="verifier">${verifier}</code></p>`
  return {
    html: (nonce) =>
      layout(
        nonce,
        title,
        html`<h1>${title}</h1>
          ${content}`,
      ),
  }
}

/** The client as the pages of the site know clients. */
function asClientRecord({ clientId, clientName, data }: OAuth1ClientRecord): ClientRecord {
  return { clientId, clientName, redirectUris: [], data, requireConsent: true }
}
