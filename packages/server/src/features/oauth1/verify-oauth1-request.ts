import { toUrl } from '../../http/parse-url.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'
import { OAuthError } from '../../http/oauth-error.js'
import { hasSentHost, isKnownHost } from '../../resource/known-host.js'
import {
  checkDelay,
  checkSignedRequest,
  checkTransport,
  findSigningClient,
  type OAuth1Server,
  required,
} from './check-signed-request.js'
import type { OAuth1ClientRecord } from './oauth1-client-record.js'
import { OAuth1Error, refusal } from './oauth1-error.js'
import type { TokenCredential } from './oauth1-hooks.js'
import { type OAuth1Request, type OAuth1Source, readOAuth1Request } from './read-oauth1-request.js'

/** What a protected resource requires of a signed request. */
export interface OAuth1Requirements {
  /** The URL of the request as clients know it, with path and query, if a proxy has changed it. */
  readonly url?: string | undefined
  /**
   * The origin that clients use, such as `https://api.example`. Signatures contain it, and the sender chooses the host of a request: without
   * `origin` or `url`, requests from a network are accepted at loopback and the host of the server only.
   */
  readonly origin?: string | undefined
  /** Accept requests that are signed with the client's credentials only ("two-legged"). Default false. */
  readonly withoutToken?: boolean | undefined
  /** Refuse bodies that the signature does not cover: those that are neither a form nor hashed. Default false. */
  readonly requireBodyHash?: boolean | undefined
}

/** The signer of the request, or the response to send instead of the resource. */
export type OAuth1Verification =
  | {
      readonly ok: true
      /** Without its secret, which a handler could print or send. */
      readonly client: Omit<OAuth1ClientRecord, 'clientSecret'>
      /** Without its secret. Undefined for a request that is signed with the client's credentials only. */
      readonly token: Omit<TokenCredential, 'tokenSecret'> | undefined
      /** The user who has allowed the access. */
      readonly userId: string | undefined
    }
  | { readonly ok: false; readonly response: Response }

/** A request, and how a host that has its body reads it. */
export type SignedRequest = Pick<OAuth1Source, 'request' | 'readBody'> & {
  /** What the host has beside the request, such as its address. */
  readonly env?: unknown
}

/** The server that has issued the tokens. */
export type ProtectedServer = Pick<OAuth1Server, 'settings' | 'server'>

const REQUIREMENTS: MembersOf<OAuth1Requirements> = { url: true, origin: true, withoutToken: true, requireBodyHash: true }

/** Throws a TypeError for a requirement that is unknown or cannot work. */
export function checkOAuth1Requirements(requirements: OAuth1Requirements): void {
  checkMembers(requirements, REQUIREMENTS, { name: 'verifyRequest' })
  const { url, origin } = requirements
  if (url !== undefined && !toUrl(url))
    throw new TypeError(`verifyRequest: "url" must be the absolute URL of the request, with path and query, not "${url}"`)
  if (origin !== undefined && !isOrigin(origin))
    throw new TypeError(`verifyRequest: "origin" must be such as "https://api.example", not "${origin}"`)
}

/** Throws a TypeError for a requirement that a guard, which sees many URLs, cannot have. */
export function checkGuardRequirements(requirements: OAuth1Requirements): void {
  checkOAuth1Requirements(requirements)
  if (requirements.url !== undefined)
    throw new TypeError('A guard verifies every request as it is, so it has no "url". Pass "origin", the one that clients use')
}

function isOrigin(text: string): boolean {
  const url = toUrl(text)
  return url !== undefined && /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, '')
}

/** The URL as the client signed it. */
function urlOf(request: Request, { url, origin }: OAuth1Requirements): URL {
  const received = new URL(request.url)
  if (url !== undefined) return new URL(url)
  // Not resolved as a relative URL: a path may start with two slashes.
  return origin === undefined ? received : new URL(new URL(origin).origin + received.pathname + received.search)
}

/** Protects a resource. The body of the request stays readable. @see RFC 5849, section 3.2 */
export async function verifySignedRequest(
  request: SignedRequest,
  requirements: OAuth1Requirements,
  at: ProtectedServer,
): Promise<OAuth1Verification> {
  checkOAuth1Requirements(requirements)
  try {
    return await verify(request, requirements, at)
  } catch (error) {
    return refuseOAuth1(error, at)
  }
}

/**
 * Creates the response to send instead of the resource. If a store, a hook or a key failed, the resource stays closed, also if the host has
 * no error handler.
 */
export function refuseOAuth1(
  error: unknown,
  { server }: Pick<ProtectedServer, 'server'>,
): OAuth1Verification & { readonly ok: false } {
  if (error instanceof OAuthError) return { ok: false, response: refusal(error, server.issuer, 'json') }
  server.hooks.onError?.(error)
  const headers = { 'cache-control': 'no-store' }
  return { ok: false, response: Response.json({ error: 'server_error' }, { status: 500, headers }) }
}

async function verify(
  { request, readBody, env }: SignedRequest,
  requirements: OAuth1Requirements,
  server: ProtectedServer,
): Promise<OAuth1Verification> {
  const { requireBodyHash } = requirements
  if (hasSentHost(request) && !isKnownHost(request, requirements, server.server)) throw unknownHost(server)
  const url = urlOf(request, requirements)
  const { maxBodySize } = server.settings
  const at: OAuth1Server = { ...server, isResource: true, guesses: { request, url, env, server: server.server } }
  // A large body is read for those who may send the request.
  const check = async (early: Pick<OAuth1Request, 'parameters'>): Promise<void> => {
    await findSigner(early, requirements, at)
    await checkDelay(early, at)
  }
  const read = await readOAuth1Request({ request, url, maxBodySize, requireBodyHash, readBody, check })
  checkTransport(read)
  if (read.parameters.size === 0) throw withoutCredentials(at)
  const { client, token } = await findSigner(read, requirements, at)
  const isCovered = read.form !== undefined || read.body?.byteLength === 0 || read.parameters.has('oauth_body_hash')
  if (requireBodyHash && !isCovered)
    throw new OAuth1Error('missing_required_parameter', 'missing "oauth_body_hash" in parameters')
  await checkSignedRequest(read, { client, tokenSecret: token?.tokenSecret }, at)
  return { ok: true, ...withoutSecrets(client, token), userId: token?.userId }
}

function withoutSecrets(
  { clientSecret: _clientSecret, ...client }: OAuth1ClientRecord,
  credential: TokenCredential | undefined,
): Pick<Extract<OAuth1Verification, { readonly ok: true }>, 'client' | 'token'> {
  if (!credential) return { client, token: undefined }
  const { tokenSecret: _tokenSecret, ...token } = credential
  return { client, token }
}

/** Finds the client and the token that the parameters name. @throws OAuth1Error missing_required_parameter, invalid_client, invalid_token */
async function findSigner(
  request: Pick<OAuth1Request, 'parameters'>,
  { withoutToken }: OAuth1Requirements,
  at: OAuth1Server,
): Promise<{ readonly client: OAuth1ClientRecord; readonly token: TokenCredential | undefined }> {
  const client = await findSigningClient(request, at)
  const hasToken = !withoutToken || !!request.parameters.get('oauth_token')
  return { client, token: hasToken ? await findToken(required(request, 'oauth_token'), client, at) : undefined }
}

/** Names the scheme, so that clients learn it. @see RFC 9110, section 11.6.1 */
function withoutCredentials({ server }: ProtectedServer): OAuth1Error {
  const headers = { 'www-authenticate': `OAuth realm="${server.issuer}"` }
  return new OAuth1Error('missing_required_parameter', 'missing "oauth_consumer_key" in parameters', { headers })
}

/** What an attacker's API has received could be sent on to this one, with its host. @see RFC 5849, section 3.4.1.2 */
function unknownHost({ server }: ProtectedServer): OAuth1Error {
  const headers = { 'www-authenticate': `OAuth realm="${server.issuer}"` }
  const description = '"origin" must be set here to check signatures (RFC 5849, section 3.4.1.2)'
  return new OAuth1Error('invalid_signature', description, { headers })
}

/** @throws OAuth1Error invalid_token */
async function findToken(
  token: string,
  { clientId }: OAuth1ClientRecord,
  { settings, server }: OAuth1Server,
): Promise<TokenCredential> {
  const found = await settings.hooks(server).getTokenCredential(clientId, token)
  if (found && found.clientId === clientId) return found
  throw new OAuth1Error('invalid_token', 'the token is unknown, revoked or of another client')
}
