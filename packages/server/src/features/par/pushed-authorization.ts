import { applyAuthorizationRules } from '../../authorize/apply-rules.js'
import { identifyRequest } from '../../authorize/identify.js'
import { authenticateClient } from '../../token/client-authentication/authenticate-client.js'
import { checkDpopProof } from '../dpop/check-dpop-proof.js'
import { readForm } from '../../http/body.js'
import { OAuthError } from '../../http/oauth-error.js'
import { checkRepeatedParameters, readParameters } from '../../http/parameters.js'
import type { Exchange } from '../../options/server-parts.js'
import { savePushedRequest } from './pushed-requests.js'
import { readSignedRequest } from '../../authorize/resolve.js'
import { jsonResponse } from '../../http/json-response.js'

/** Members that authenticate the client; they are no part of the authorization request. */
const CREDENTIALS = ['client_secret', 'client_assertion', 'client_assertion_type']

/** The pushed authorization request endpoint: the same rules, before the browser leaves. @see RFC 9126, section 2 */
export async function pushedAuthorization(exchange: Exchange): Promise<Response> {
  const { server, request } = exchange
  const form = await readForm(request)
  const params = readParameters(form)
  checkRepeatedParameters(params)
  const client = await authenticateClient(exchange, params)
  if (params.get('request_uri') !== undefined) throw new OAuthError('invalid_request', '"request_uri" must not be pushed')
  for (const name of CREDENTIALS) form.delete(name)
  form.set('client_id', client.clientId)
  const signed = await readSignedRequest(readParameters(form), server)
  const asked = signed ?? form
  const isSigned = signed !== undefined
  const jkt = await checkDpopProof(request, { url: `${server.base}/par` }, server)
  if (jkt !== undefined) bindToKey(asked, jkt)
  const identified = await identifyRequest({ params: readParameters(asked), isPushed: true, isSigned }, server)
  await applyAuthorizationRules(identified, server, 'par')
  const { requestUri, expiresIn } = await savePushedRequest(asked, server, { isSigned })
  return jsonResponse({ request_uri: requestUri, expires_in: expiresIn }, { status: 201 })
}

/** A proof with the push binds the code to its key; a `dpop_jkt` beside it must name the same. @see RFC 9449, section 10.1 */
function bindToKey(form: URLSearchParams, jkt: string): void {
  const named = form.get('dpop_jkt')
  if (named !== null && named !== jkt) throw new OAuthError('invalid_dpop_proof', '"dpop_jkt" is not the key of the DPoP proof')
  form.set('dpop_jkt', jkt)
}
