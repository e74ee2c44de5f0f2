import { applyRules } from '../../authorize/apply-rules.js'
import { identify } from '../../authorize/identify.js'
import { readSignedRequest } from '../../authorize/resolve.js'
import { savePushedRequest } from '../../authorize/stored-requests.js'
import { readFormParameters } from '../../http/form-parameters.js'
import { jsonResponse } from '../../http/json-response.js'
import type { Reply } from '../../http/reply.js'
import { OAuthError } from '../../http/oauth-error.js'
import { readParameters } from '../../http/parameters.js'
import { authenticateClient } from '../../token/client-authentication/authenticate-client.js'
import type { FeatureContext } from '../feature.js'

/** Parameters that authenticate the client. They are not part of the authorization request. */
const CREDENTIALS = ['client_secret', 'client_assertion', 'client_assertion_type']

/** The pushed authorization request endpoint: the same rules, before the browser navigates. @see RFC 9126, section 2 */
export async function pushedAuthorization(context: FeatureContext): Promise<Reply> {
  const { server, request } = context
  const params = await readFormParameters(request)
  const form = new URLSearchParams(params.search)
  const client = await authenticateClient(context, params)
  if (params.get('request_uri') !== undefined) throw new OAuthError('invalid_request', '"request_uri" must not be pushed')
  for (const name of CREDENTIALS) form.delete(name)
  form.set('client_id', client.clientId)
  const signed = await readSignedRequest(readParameters(form), server, () => Promise.resolve(client))
  const pushed = signed?.search ?? form
  const isSigned = signed !== undefined
  const proof = await server.proofOfPossession.check(request, { url: server.urlOf('/par') })
  if (proof) bindToKey(pushed, proof.thumbprint)
  const identified = await identify({ params: readParameters(pushed), client, isPushed: true, isSigned }, server)
  await applyRules(identified, server)
  await proof?.use()
  const { requestUri, expiresIn } = await savePushedRequest(pushed, { isSigned }, server)
  return jsonResponse({ request_uri: requestUri, expires_in: expiresIn }, { status: 201 })
}

/** A proof with the push binds the code to its key; a `dpop_jkt` beside it must name the same key. @see RFC 9449, section 10.1 */
function bindToKey(form: URLSearchParams, jkt: string): void {
  const named = form.get('dpop_jkt')
  if (named !== null && named !== jkt) throw new OAuthError('invalid_dpop_proof', '"dpop_jkt" is not the key of the DPoP proof')
  form.set('dpop_jkt', jkt)
}
