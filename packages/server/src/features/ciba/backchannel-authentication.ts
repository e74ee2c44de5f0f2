import { requestedDetails } from '../rar/requested-details.js'
import { checkCibaClient } from './check-ciba-client.js'
import { CIBA_GRANT_TYPE, decideCibaRequest, saveCibaRequest, type CibaRequest } from './ciba-request.js'
import type { CibaSettings } from './ciba-settings.js'
import { findHintedUser } from './find-hinted-user.js'
import { readWishes } from './parse-request.js'
import { joinWaitingList } from './waiting-list.js'
import { words } from '../../authorize/authorization-request.js'
import { authenticateClient } from '../../token/client-authentication/authenticate-client.js'
import { readForm } from '../../http/body.js'
import type { Asking } from '../../token/grants/granted-scope.js'
import { OAuthError } from '../../http/oauth-error.js'
import { checkRepeatedParameters, readParameters, type Parameters } from '../../http/parameters.js'
import type { Exchange, ServerParts } from '../../options/server-parts.js'
import type { ClientRecord } from '../../storage/client-store.js'
import { digest } from '../../storage/digest.js'
import { randomGenerator } from '../../token/token-generator.js'
import { jsonResponse } from '../../http/json-response.js'

const random = randomGenerator()

/** The backchannel authentication endpoint. @see OpenID Connect CIBA Core 1.0, section 7 */
export async function backchannelAuthentication(exchange: Exchange): Promise<Response> {
  const { server, request } = exchange
  const params = readParameters(await readForm(request))
  checkRepeatedParameters(params)
  const client = await authenticateClient(exchange, params)
  try {
    checkCibaClient(client)
    const grant = server.grants.find(({ ciba }) => ciba)
    if (!grant?.ciba) throw new OAuthError('unsupported_grant_type', 'this server has no CIBA grant')
    return await ask(params, { client, grant, server }, grant.ciba)
  } catch (error) {
    if (error instanceof OAuthError)
      server.emit({
        type: 'authorization.failed',
        clientId: client.clientId,
        grantType: CIBA_GRANT_TYPE,
        error: error.error,
      })
    throw error
  }
}

async function ask(params: Parameters, asking: Asking, settings: CibaSettings): Promise<Response> {
  const { client, server } = asking
  const { lifetime, ...wishes } = readWishes(params, asking, settings)
  const details = await requestedDetails(params, asking)
  const userId = await findHintedUser(params, asking, settings)
  await checkUserCode(params.get('user_code'), { userId, client }, settings)
  const id = await random.generate({ kind: 'other', issuer: server.issuer })
  const expiresAt = server.now() + lifetime * 1000
  const waiting = await enqueue(
    { ...wishes, ...details, key: await digest(id), clientId: client.clientId, userId, expiresAt },
    server,
  )
  server.emit({
    type: 'authorization.requested',
    clientId: client.clientId,
    userId,
    grantType: CIBA_GRANT_TYPE,
    scope: waiting.scope.join(' '),
  })
  await notify(waiting, asking, settings)
  return jsonResponse({ auth_req_id: id, expires_in: lifetime, interval: settings.interval })
}

async function checkUserCode(
  userCode: string | undefined,
  about: { readonly userId: string; readonly client: ClientRecord },
  { checkUserCode: check }: CibaSettings,
): Promise<void> {
  if (!check || (await check({ ...about, userCode }))) return
  if (userCode === undefined) throw new OAuthError('missing_user_code', '"user_code" is missing')
  throw new OAuthError('invalid_user_code', '"user_code" is not that of the person')
}

async function enqueue(request: Omit<CibaRequest, 'place'>, server: ServerParts): Promise<CibaRequest> {
  const place = await joinWaitingList(request, server)
  if (place === undefined)
    throw new OAuthError('temporarily_unavailable', 'too many requests wait for this person already', { status: 429 })
  const waiting = { ...request, place }
  await saveCibaRequest(waiting, server)
  return waiting
}

/** A person who could not be told would wait for nothing, and the client with them. */
async function notify(request: CibaRequest, { client, server }: Asking, { notifyUser }: CibaSettings): Promise<void> {
  const { key, userId, scope, bindingMessage, acrValues, expiresAt, authorizationDetails = [] } = request
  try {
    await notifyUser?.({
      requestId: key,
      client,
      userId,
      scope,
      authorizationDetails,
      bindingMessage,
      acrValues: words(acrValues),
      expiresAt,
      approvalUri: `${server.base}/approve?request=${key}`,
    })
  } catch (error) {
    await decideCibaRequest(request, { allowed: false }, server)
    throw error
  }
}
