import { toUrl } from '../../http/parse-url.js'
import { OAuthError } from '../../http/oauth-error.js'
import type { RequestContext } from '../../http/request-context.js'
import { callbackProblem } from './callback-url.js'
import { checkSignedRequest, checkTransport, findSigningClient, type OAuth1Server, required } from './check-signed-request.js'
import type { OAuth1ClientRecord } from './oauth1-client-record.js'
import { OAuth1Error, refusal } from './oauth1-error.js'
import { asBoolean, type TemporaryCredential } from './oauth1-hooks.js'
import type { OAuth1Settings } from './oauth1-settings.js'
import { MAX_CREDENTIALS_SIZE, type OAuth1Request, readOAuth1Request } from './read-oauth1-request.js'

/** The callback of a user who copies the verifier. @see RFC 5849, section 2.1 */
export const OUT_OF_BAND = 'oob'

/** @see RFC 9110, section 15.5.6 */
const ALLOW = { allow: 'POST, OPTIONS' }

/** What an endpoint does with a request whose parameters have been read. */
type Handle = (request: OAuth1Request, at: OAuth1Server) => Promise<Readonly<Record<string, string>>>

/**
 * Creates an endpoint where credentials are requested. The signature is that of the endpoint's public URL, which a proxy may have changed
 * in the request.
 */
export function credentialEndpoint(
  settings: OAuth1Settings,
  path: string,
  handle: Handle,
): (context: RequestContext) => Promise<Response> {
  return async (context) => {
    const { request, url, server } = context
    try {
      if (request.method !== 'POST')
        throw new OAuth1Error('method_not_allowed', 'this endpoint supports POST', { headers: ALLOW })
      const publicUrl = new URL(server.urlOf(path) + url.search)
      const maxBodySize = Math.min(settings.maxBodySize, MAX_CREDENTIALS_SIZE)
      const read = await readOAuth1Request({ request, url: publicUrl, maxBodySize })
      checkTransport(read)
      const credentials = await handle(read, { settings, server, guesses: context })
      return new Response(new URLSearchParams(credentials), { headers: { 'cache-control': 'no-store', pragma: 'no-cache' } })
    } catch (error) {
      if (error instanceof OAuth1Error || isRateLimit(error)) return refusal(error, server.issuer, 'form')
      throw error
    }
  }
}

/** Tells whether there were too many wrong signatures. */
function isRateLimit(error: unknown): error is OAuthError {
  return error instanceof OAuthError && error.status === 429
}

/** Issues temporary credentials. @see RFC 5849, section 2.1 */
export const issueTemporaryCredentials: Handle = async (request, at) => {
  const { settings, server } = at
  required(request, 'oauth_consumer_key')
  const callback = checkedCallback(required(request, 'oauth_callback'))
  const client = await findSigningClient(request, at)
  checkRegistered(callback, client)
  if (request.parameters.get('oauth_token'))
    throw new OAuth1Error('invalid_request', '"oauth_token" has no meaning here (RFC 5849, section 2.1)')
  await checkSignedRequest(request, { client, tokenSecret: undefined }, at)
  const credentials = await settings.generate()
  const expiresAt = server.now() + settings.temporaryLifetime * 1000
  await settings.hooks(server).createTemporaryCredential({ ...credentials, clientId: client.clientId, callback, expiresAt })
  server.emit({ type: 'authorization.requested', clientId: client.clientId })
  return { oauth_token: credentials.token, oauth_token_secret: credentials.tokenSecret, oauth_callback_confirmed: 'true' }
}

/** Exchanges temporary credentials for token credentials, once. @see RFC 5849, section 2.3 */
export const issueTokenCredentials: Handle = async (request, at) => {
  const { settings, server } = at
  const client = await findSigningClient(request, at)
  const temporary = await findTemporary(required(request, 'oauth_token'), client, at)
  const verifier = required(request, 'oauth_verifier')
  // Strangers must not use up the credentials of a client, so its signature is checked before they are deleted.
  await checkSignedRequest(request, { client, tokenSecret: temporary.tokenSecret }, at)
  const isFirst = asBoolean('deleteTemporaryCredential', await settings.hooks(server).deleteTemporaryCredential(temporary))
  const { userId } = temporary
  if (!isFirst || userId === undefined || temporary.verifier === undefined || temporary.verifier !== typed(verifier, temporary)) {
    server.emit({ type: 'token.refused', clientId: client.clientId, error: 'invalid_request' })
    throw new OAuth1Error('invalid_request', '"oauth_verifier" is wrong, or was used before (RFC 5849, section 2.3)')
  }
  const credentials = await settings.generate()
  await settings.hooks(server).createTokenCredential({ ...credentials, clientId: client.clientId, userId })
  server.emit({ type: 'token.issued', clientId: client.clientId, userId })
  return { oauth_token: credentials.token, oauth_token_secret: credentials.tokenSecret }
}

/** A user who types the verifier may write it in lower case, or copy spaces with it: a wrong one ends the temporary credentials. */
function typed(verifier: string, { callback, verifier: expected }: TemporaryCredential): string {
  if (callback !== OUT_OF_BAND || expected !== expected?.toUpperCase()) return verifier
  return verifier.replaceAll(/\s/g, '').toUpperCase()
}

/** @throws OAuth1Error invalid_token: also for credentials of another client (RFC 5849, section 2.3) */
async function findTemporary(
  token: string,
  client: OAuth1ClientRecord,
  { settings, server }: OAuth1Server,
): Promise<TemporaryCredential> {
  const found = await settings.hooks(server).getTemporaryCredential(token)
  if (found && found.clientId === client.clientId && found.expiresAt > server.now()) return found
  throw new OAuth1Error('invalid_token', 'the temporary credentials are unknown, expired, used or of another client')
}

/** @throws OAuth1Error invalid_request */
function checkedCallback(callback: string): string {
  const problem = callback === OUT_OF_BAND ? undefined : callbackProblem(callback)
  if (problem === undefined) return callback
  throw new OAuth1Error(
    'invalid_request',
    `"oauth_callback" is neither "oob" nor a URL that users may be sent to. Expected: ${problem} (RFC 5849, section 2.1)`,
  )
}

/** @throws OAuth1Error invalid_request */
function checkRegistered(callback: string, { callbackUrls }: OAuth1ClientRecord): void {
  if (!callbackUrls || callback === OUT_OF_BAND || callbackUrls.some((registered) => isSameAddress(registered, callback))) return
  throw new OAuth1Error('invalid_request', '"oauth_callback" is not among the callback URLs of the client')
}

function valuesOf(url: URL, name: string): string {
  return JSON.stringify(url.searchParams.getAll(name))
}

/** A client adds its state to the query. */
function isSameAddress(registered: string, callback: string): boolean {
  if (!toUrl(registered)) return false
  const [one, other] = [new URL(registered), new URL(callback)]
  const hasQuery = [...one.searchParams.keys()].every((name) => valuesOf(one, name) === valuesOf(other, name))
  return hasQuery && one.protocol === other.protocol && one.host === other.host && one.pathname === other.pathname
}
