import { isClientSecret } from '../../token/client-authentication/client-secret.js'
import { readText } from '../../http/body.js'
import { OAuthError } from '../../http/oauth-error.js'
import { checkClientMetadata, type ProposedClient } from './check-client-metadata.js'
import { fromWire, toWire } from './client-metadata.js'
import { withDefaults } from './default-metadata.js'
import { secretFor, type RegisteredSecret } from './registered-secret.js'
import type { Exchange, ServerParts } from '../../options/server-parts.js'
import type { ClientRecord, ClientStore } from '../../storage/client-store.js'
import { digest, isSameSecret } from '../../storage/digest.js'
import { accessTokenOfRequest } from '../../resource/access-token-of-request.js'
import { clientFamily, revokeFamily } from '../../token/revoke-family.js'
import { randomGenerator } from '../../token/token-generator.js'
import { jsonResponse } from '../../http/json-response.js'

/** How clients may register themselves. */
export interface RegistrationOptions {
  /** What a registration must bring as a bearer token; without it registration is open to everybody. */
  readonly initialAccessToken?: string
}

const random = randomGenerator()

/** The client registration endpoint. @see RFC 7591, section 3 */
export async function register(exchange: Exchange): Promise<Response> {
  const { server, request } = exchange
  const store = writableStore(server)
  await checkInitialAccessToken(request, server)
  const proposed = readMetadata(await readBody(request), server)
  const token = await random.generate({ kind: 'other', issuer: server.issuer })
  const secret = await secretFor(proposed, undefined, server)
  const client = asRecord(proposed, { clientId: crypto.randomUUID(), secret, registrationToken: await digest(token) })
  await store.saveClient(client)
  server.emit({ type: 'client.registered', clientId: client.clientId })
  const issuedAt = Math.floor(server.now() / 1000)
  return jsonResponse({ ...describe(client, { token, secret }, server), client_id_issued_at: issuedAt }, { status: 201 })
}

/** The client configuration endpoint: read, replace, delete one's own registration. @see RFC 7592, section 2 */
export async function configureClient(exchange: Exchange): Promise<Response> {
  const { server, request } = exchange
  const store = writableStore(server)
  const { client, token } = await findOwnClient(exchange)
  if (request.method === 'GET') return jsonResponse(describe(client, { token }, server))
  if (request.method === 'DELETE') {
    await store.deleteClient(client.clientId)
    await revokeFamily(server, clientFamily(client.clientId))
    server.emit({ type: 'client.deleted', clientId: client.clientId })
    return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } })
  }
  const body = await readBody(request)
  await checkIsOwn(body, client)
  const proposed = readMetadata(body, server)
  const secret = await secretFor(proposed, client, server)
  const { clientId, registrationToken = '' } = client
  const replaced = asRecord(proposed, { clientId, secret, registrationToken })
  await store.saveClient(replaced)
  return jsonResponse(describe(replaced, { token, secret }, server))
}

/** A client says which one it changes; what it says of its secret must be right. @see RFC 7592, section 2.2 */
async function checkIsOwn(body: Readonly<Record<string, unknown>>, client: ClientRecord): Promise<void> {
  const { client_id: clientId, client_secret: secret } = body
  if (clientId !== client.clientId) throw new OAuthError('invalid_request', '"client_id" must be that of this registration')
  const isRight = secret === undefined || (typeof secret === 'string' && (await isClientSecret(secret, client)))
  if (!isRight) throw new OAuthError('invalid_request', '"client_secret" is not the current one')
}

function writableStore({ clients }: ServerParts): Required<ClientStore> {
  if (isWritable(clients)) return clients
  throw new TypeError('registration needs a ClientStore with saveClient and deleteClient')
}

function isWritable(store: ClientStore): store is Required<ClientStore> {
  return 'saveClient' in store && 'deleteClient' in store
}

async function checkInitialAccessToken(request: Request, { registration, issuer }: ServerParts): Promise<void> {
  const expected = registration?.initialAccessToken
  if (expected === undefined) return
  const presented = accessTokenOfRequest(request)?.token
  if (presented !== undefined && (await isSameSecret(presented, expected))) return
  throw new OAuthError('invalid_token', 'registration needs an initial access token', {
    headers: { 'www-authenticate': `Bearer realm="${issuer}"` },
  })
}

interface OwnClient {
  readonly client: ClientRecord
  /** The registration access token that the request brought. */
  readonly token: string
}

async function findOwnClient({ request, url, server }: Exchange): Promise<OwnClient> {
  // Registered ids are UUIDs: what would have to be decoded is none of them.
  const clientId = url.pathname.split('/').at(-1) ?? ''
  const client = await server.clients.findClient(clientId)
  const token = accessTokenOfRequest(request)?.token ?? ''
  const isOwn = await isSameSecret(await digest(token), client?.registrationToken ?? '')
  if (client && isOwn) return { client, token }
  throw new OAuthError('invalid_token', 'the registration access token is not that of this client', {
    headers: { 'www-authenticate': `Bearer realm="${server.issuer}"` },
  })
}

async function readBody(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const text = await readText(request)
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch (cause) {
    throw new OAuthError('invalid_client_metadata', 'the body must be a JSON object', { cause })
  }
  throw new OAuthError('invalid_client_metadata', 'the body must be a JSON object')
}

function readMetadata(body: Readonly<Record<string, unknown>>, server: ServerParts): ProposedClient {
  const proposed = withDefaults(fromWire(body))
  checkClientMetadata(proposed, server)
  return proposed
}

interface Registered {
  readonly clientId: string
  readonly secret: RegisteredSecret
  readonly registrationToken: string
}

function asRecord(proposed: ProposedClient, { clientId, secret, registrationToken }: Registered): ClientRecord {
  const { redirectUris, tokenEndpointAuthMethod, ...metadata } = proposed
  return {
    ...metadata,
    clientId,
    tokenEndpointAuthMethod: String(tokenEndpointAuthMethod),
    redirectUris: Array.isArray(redirectUris) ? redirectUris.map(String) : [],
    registrationToken,
    // Nobody has looked at this client: the person decides before it gets anything (RFC 6749, section 10.2; RFC 7591, section 5).
    requireConsent: true,
    ...(secret.kept === undefined ? {} : { clientSecret: secret.kept }),
  }
}

/** @see RFC 7591, section 3.2.1; RFC 7592, section 3 */
function describe(
  client: ClientRecord,
  { token, secret: { issued } = {} }: { readonly token: string; readonly secret?: RegisteredSecret },
  { base }: ServerParts,
): Record<string, unknown> {
  return {
    ...toWire(client),
    registration_client_uri: `${base}/register/${encodeURIComponent(client.clientId)}`,
    registration_access_token: token,
    ...(issued === undefined ? {} : { client_secret: issued, client_secret_expires_at: 0 }),
  }
}
