import { asksForDetails, requestedDetails } from '../rar/requested-details.js'
import { authenticateClient } from '../../token/client-authentication/authenticate-client.js'
import { createUserCode, saveDeviceRequest } from './device-store.js'
import { defined } from '../../options/defined.js'
import { readForm } from '../../http/body.js'
import { checkGrantType } from '../../token/grants/client-may.js'
import { grantedScope } from '../../token/grants/granted-scope.js'
import { requestedResources } from '../../token/grants/requested-resources.js'
import { OAuthError } from '../../http/oauth-error.js'
import { checkRepeatedParameters, readParameters } from '../../http/parameters.js'
import type { Exchange } from '../../options/server-parts.js'
import { digest } from '../../storage/digest.js'
import { randomGenerator } from '../../token/token-generator.js'
import { jsonResponse } from '../../http/json-response.js'

const random = randomGenerator()

/** The device authorization endpoint. @see RFC 8628, sections 3.1 and 3.2 */
export async function deviceAuthorization(exchange: Exchange): Promise<Response> {
  const { server, request } = exchange
  const params = readParameters(await readForm(request))
  checkRepeatedParameters(params)
  const client = await authenticateClient(exchange, params)
  const grant = server.grants.find(({ device }) => device)
  if (!grant?.device || grant.grantType === undefined)
    throw new OAuthError('unsupported_grant_type', 'this server has no device grant')
  checkGrantType(client, grant.grantType)
  const scope = grantedScope(params.get('scope'), { grant, client, server, hasDetails: asksForDetails(params) })
  const code = await random.generate({ kind: 'other', issuer: server.issuer })
  const userCode = createUserCode()
  const { codeLifetime, interval } = grant.device
  await saveDeviceRequest(
    {
      key: await digest(code),
      clientId: client.clientId,
      scope,
      ...requestedResources(params),
      ...(await requestedDetails(params, { client, server })),
      ...defined({ requestedScope: params.get('scope') }),
      expiresAt: server.now() + codeLifetime * 1000,
    },
    userCode,
    server,
  )
  return jsonResponse({
    device_code: code,
    user_code: userCode,
    verification_uri: `${server.base}/device`,
    verification_uri_complete: `${server.base}/device?user_code=${userCode}`,
    expires_in: codeLifetime,
    interval,
  })
}
