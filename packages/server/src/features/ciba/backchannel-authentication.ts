import { readFormParameters } from '../../http/form-parameters.js'
import { jsonResponse } from '../../http/json-response.js'
import type { Reply } from '../../http/reply.js'
import { OAuthError } from '../../http/oauth-error.js'
import type { Parameters } from '../../http/parameters.js'
import type { RequestContext } from '../../http/request-context.js'
import { limitGuesses } from '../../limits/limit-guesses.js'
import type { ServerContext } from '../../options/server-context.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { digest } from '../../storage/digest.js'
import { authenticateClient } from '../../token/client-authentication/authenticate-client.js'
import { words } from '../../token/scope.js'
import { randomGenerator } from '../../token/token-generator.js'
import { checkCibaClient } from './check-ciba-client.js'
import { CIBA_GRANT_TYPE, saveCibaRequest, withdrawCibaRequest, type CibaRequest } from './ciba-request.js'
import type { CibaContext, CibaSettings } from './ciba-settings.js'
import { findHintedUser } from './find-hinted-user.js'
import { parseRequest } from './parse-request.js'
import { joinWaitingList, type WaitingPlace } from './waiting-list.js'

const random = randomGenerator()

/** An authenticated client, and the server that it sent the request to. */
interface Sender {
  readonly client: ClientRecord
  readonly server: ServerContext
  readonly context: RequestContext
}

/** The backchannel authentication endpoint. @see OpenID Connect CIBA Core 1.0, section 7 */
export async function backchannelAuthentication(context: RequestContext, ciba: CibaContext): Promise<Reply> {
  const { server, request } = context
  const params = await readFormParameters(request)
  const client = await authenticateClient(context, params)
  try {
    checkCibaClient(client)
    return await startRequest(params, { client, server, context }, ciba)
  } catch (error) {
    const { clientId } = client
    if (error instanceof OAuthError)
      server.emit({ type: 'authorization.failed', clientId, grantType: CIBA_GRANT_TYPE, error: error.error })
    throw error
  }
}

async function startRequest(params: Parameters, sender: Sender, ciba: CibaContext): Promise<Reply> {
  const { client, server } = sender
  const { settings, grant } = ciba
  const { lifetime, ...parsed } = parseRequest(params, { ...sender, grant }, settings)
  const details = await server.authorizationDetails.requested(params, client)
  const userId = await findHintedUser(params, sender, ciba)
  await checkUserCode(params.get('user_code'), { ...sender, userId }, settings)
  const id = await random.generate({ kind: 'other', issuer: server.issuer })
  const { clientId } = client
  const expiresAt = server.now() + lifetime * 1000
  const [key, requestId] = await Promise.all([digest(id), digest(crypto.randomUUID())])
  const request = await enqueue({ ...parsed, ...details, key, requestId, clientId, userId, expiresAt }, server)
  const scope = request.scope.join(' ')
  server.emit({ type: 'authorization.requested', clientId, userId, grantType: CIBA_GRANT_TYPE, scope })
  await notify(request, sender, settings)
  return jsonResponse({ auth_req_id: id, expires_in: lifetime, interval: settings.interval })
}

/** Guesses are limited for each user and client: a client has one address, and many users. */
async function checkUserCode(
  userCode: string | undefined,
  { userId, client, context }: Sender & { readonly userId: string },
  { checkUserCode: isCodeOf }: CibaSettings,
): Promise<void> {
  if (!isCodeOf) return
  const check = async (): Promise<true | undefined> => ((await isCodeOf({ userId, client, userCode })) ? true : undefined)
  const { clientId } = client
  const event = (): { readonly clientId: string; readonly userId: string } => ({ clientId, userId })
  const guess = { kind: 'ciba-code', name: userId, sender: clientId, event } as const
  if (await (userCode === undefined ? check() : limitGuesses(context, guess, check))) return
  if (userCode === undefined) throw new OAuthError('missing_user_code', '"user_code" is missing')
  throw new OAuthError('invalid_user_code', '"user_code" is not that of the user')
}

async function enqueue(request: Omit<CibaRequest, keyof WaitingPlace>, server: ServerContext): Promise<CibaRequest> {
  const place = await joinWaitingList(request, server)
  if (!place) throw new OAuthError('temporarily_unavailable', 'too many requests are waiting for this user', { status: 429 })
  const waiting = { ...request, ...place }
  await saveCibaRequest(waiting, server)
  return waiting
}

/** Withdraws the request if the user cannot be notified: otherwise the client would wait until it expires. */
async function notify(request: CibaRequest, { client, server }: Sender, settings: CibaSettings): Promise<void> {
  const { requestId, userId, scope, bindingMessage, acrValues, expiresAt, resources, authorizationDetails = [] } = request
  try {
    await settings.notifyUser?.({
      requestId,
      client,
      userId,
      scope,
      resources,
      authorizationDetails,
      bindingMessage,
      acrValues: words(acrValues),
      expiresAt,
      approvalUri: `${server.urlOf('/approve')}?request=${requestId}`,
    })
  } catch (error) {
    await withdrawCibaRequest(request, server)
    throw error
  }
}
