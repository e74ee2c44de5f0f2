import { readFormParameters } from '../../http/form-parameters.js'
import { jsonResponse } from '../../http/json-response.js'
import type { Reply } from '../../http/reply.js'
import type { RequestContext } from '../../http/request-context.js'
import { digest } from '../../storage/digest.js'
import { requestsDetails } from '../../token/authorization-details-support.js'
import { authenticateClient } from '../../token/client-authentication/authenticate-client.js'
import { checkGrantType } from '../../token/grants/client-may.js'
import { grantedScope } from '../../token/grants/granted-scope.js'
import { requestedResources } from '../../token/grants/requested-resources.js'
import { randomGenerator } from '../../token/token-generator.js'
import { DEVICE_GRANT_TYPE, type DeviceSettings } from './device-settings.js'
import { createUserCode, saveDeviceRequest } from './device-store.js'

const random = randomGenerator()

/** The device authorization endpoint. @see RFC 8628, sections 3.1 and 3.2 */
export async function deviceAuthorization(context: RequestContext, settings: DeviceSettings): Promise<Reply> {
  const { server, request } = context
  const params = await readFormParameters(request)
  const client = await authenticateClient(context, params)
  checkGrantType(client, DEVICE_GRANT_TYPE)
  const { grant, codeLifetime, interval } = settings
  const scope = grantedScope(params.get('scope'), { grant, client, server, hasDetails: requestsDetails(params) })
  const code = await random.generate({ kind: 'other', issuer: server.issuer })
  const userCode = createUserCode()
  const pending = {
    key: await digest(code),
    clientId: client.clientId,
    scope,
    requestedScope: params.get('scope'),
    resources: requestedResources(params, client),
    ...(await server.authorizationDetails.requested(params, client)),
    expiresAt: server.now() + codeLifetime * 1000,
  }
  await saveDeviceRequest(pending, userCode, server)
  return jsonResponse({
    device_code: code,
    user_code: userCode,
    verification_uri: server.urlOf('/device'),
    verification_uri_complete: `${server.urlOf('/device')}?user_code=${userCode}`,
    expires_in: codeLifetime,
    interval,
  })
}
