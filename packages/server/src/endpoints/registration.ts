import { hashClientSecret } from '../client-authentication/client-secret.js'
import { readText } from '../form-body.js'
import { OAuthError } from '../oauth-error.js'
import { checkClientMetadata, type ProposedClient } from '../registration/check-client-metadata.js'
import { fromWire, toWire } from '../registration/client-metadata.js'
import { withDefaults } from '../registration/default-metadata.js'
import type { Exchange, ServerParts } from '../server-parts.js'
import type { ClientRecord, ClientStore } from '../storage/client-store.js'
import { digest, isSameSecret } from '../storage/digest.js'
import { accessTokenOfRequest } from '../tokens/access-token-of-request.js'
import { randomGenerator } from '../tokens/token-generator.js'
import { jsonResponse } from './json-response.js'

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
  const proposed = await readMetadata(request)
  checkClientMetadata(proposed, server)
  const clientId = crypto.randomUUID()
  const token = await random.generate({ kind: 'other', issuer: server.issuer })
  const secret = needsSecret(proposed) ? await random.generate({ kind: 'other', issuer: server.issuer }) : undefined
  const client = await asRecord(proposed, { clientId, secret, registrationToken: await digest(token) })
  await store.saveClient(client)
  server.emit({ type: 'client.registered', clientId })
  const issuedAt = Math.floor(server.now() / 1000)
  return jsonResponse(
    {
      ...describe(client, server),
      client_id_issued_at: issuedAt,
      registration_access_token: token,
      ...(secret === undefined ? {} : { client_secret: secret, client_secret_expires_at: 0 }),
    },
    { status: 201 },
  )
}

/** The client configuration endpoint: read, replace, delete one's own registration. @see RFC 7592, section 2 */
export async function configureClient(exchange: Exchange): Promise<Response> {
  const { server, request } = exchange
  const store = writableStore(server)
  const client = await findOwnClient(exchange)
  if (request.method === 'GET') return jsonResponse(describe(client, server))
  if (request.method === 'DELETE') {
    await store.deleteClient(client.clientId)
    server.emit({ type: 'client.deleted', clientId: client.clientId })
    return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } })
  }
  const proposed = await readMetadata(request)
  checkClientMetadata(proposed, server)
  const { clientSecret, registrationToken } = client
  const replaced: ClientRecord = {
    ...(await asRecord(proposed, { clientId: client.clientId, secret: undefined, registrationToken: registrationToken ?? '' })),
    ...(clientSecret === undefined ? {} : { clientSecret }),
  }
  await store.saveClient(replaced)
  return jsonResponse(describe(replaced, server))
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

async function findOwnClient({ request, url, server }: Exchange): Promise<ClientRecord> {
  // Registered ids are UUIDs: what would have to be decoded is none of them.
  const clientId = url.pathname.split('/').at(-1) ?? ''
  const client = await server.clients.findClient(clientId)
  const presented = accessTokenOfRequest(request)?.token ?? ''
  const isOwn = await isSameSecret(await digest(presented), client?.registrationToken ?? '')
  if (client && isOwn) return client
  throw new OAuthError('invalid_token', 'the registration access token is not that of this client', {
    headers: { 'www-authenticate': `Bearer realm="${server.issuer}"` },
  })
}

async function readMetadata(request: Request): Promise<ProposedClient> {
  const text = await readText(request)
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return withDefaults(fromWire({ ...value }))
  } catch (cause) {
    throw new OAuthError('invalid_client_metadata', 'the body must be a JSON object', { cause })
  }
  throw new OAuthError('invalid_client_metadata', 'the body must be a JSON object')
}

function needsSecret({ tokenEndpointAuthMethod: method }: ProposedClient): boolean {
  return typeof method === 'string' && method.startsWith('client_secret_')
}

/** The secret is kept as its digest, except where it is the key of an HMAC and must be had whole. */
async function asRecord(
  proposed: ProposedClient,
  {
    clientId,
    secret,
    registrationToken,
  }: { readonly clientId: string; readonly secret: string | undefined; readonly registrationToken: string },
): Promise<ClientRecord> {
  const { redirectUris, tokenEndpointAuthMethod, ...metadata } = proposed
  const kept = secret === undefined || tokenEndpointAuthMethod === 'client_secret_jwt' ? secret : await hashClientSecret(secret)
  return {
    ...metadata,
    clientId,
    tokenEndpointAuthMethod: String(tokenEndpointAuthMethod),
    redirectUris: Array.isArray(redirectUris) ? redirectUris.map(String) : [],
    registrationToken,
    // Nobody has looked at this client: the person decides before it gets anything (RFC 6749, section 10.2; RFC 7591, section 5).
    requireConsent: true,
    ...(kept === undefined ? {} : { clientSecret: kept }),
  }
}

function describe(client: ClientRecord, { base }: ServerParts): Record<string, unknown> {
  return { ...toWire(client), registration_client_uri: `${base}/register/${encodeURIComponent(client.clientId)}` }
}
