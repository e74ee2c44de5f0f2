import { readText } from '../../http/body.js'
import { isRecord } from '@latchkey/resource/internals'
import { jsonResponse } from '../../http/json-response.js'
import { Reply } from '../../http/reply.js'
import { OAuthError } from '../../http/oauth-error.js'
import { parseJson } from '../../http/parse-json.js'
import type { ServerContext } from '../../options/server-context.js'
import type { ClientRecord } from '../../storage/client-record.js'
import type { ClientStore } from '../../storage/client-store.js'
import { digest } from '../../storage/digest.js'
import { isClientSecret } from '../../token/client-authentication/client-secret.js'
import { clientFamily, revokeFamily } from '../../token/revoke-family.js'
import { randomGenerator } from '../../token/token-generator.js'
import type { ProposedClient } from '../client-metadata-members.js'
import type { FeatureContext, FeatureServer } from '../feature.js'
import { authenticateRegistration, checkInitialAccessToken } from './authenticate-registration.js'
import { checkClientMetadata } from './check-client-metadata.js'
import { fromWire, toWire } from './client-metadata.js'
import { withDefaults } from './default-metadata.js'
import { checkTexts } from './check-texts.js'
import { secretFor, type RegisteredSecret } from './registered-secret.js'
import {
  limitMetadata,
  limitsOf,
  withKnownGrants,
  type RegistrationLimits,
  type RegistrationPolicy,
} from './registration-limits.js'

const random = randomGenerator()

/** The client registration endpoint. @see RFC 7591, section 3 */
export async function registrationEndpoint(
  context: FeatureContext,
  { initialAccessToken, ...options }: RegistrationPolicy,
): Promise<Reply> {
  const { server, request } = context
  const store = writableStore(server)
  await checkInitialAccessToken(context, initialAccessToken)
  const standing = standingOf(options, initialAccessToken === undefined)
  const proposed = readMetadata(await readBody(request), server, standing)
  const token = await random.generate({ kind: 'other', issuer: server.issuer })
  const secret = await secretFor(proposed, undefined, server)
  const client = asRecord(proposed, {
    ...standing,
    clientId: crypto.randomUUID(),
    secret,
    registrationToken: await digest(token),
  })
  await store.saveClient(client)
  server.emit({ type: 'client.registered', clientId: client.clientId })
  const issuedAt = Math.floor(server.now() / 1000)
  return jsonResponse({ ...describe(client, { token, secret }, server), client_id_issued_at: issuedAt }, { status: 201 })
}

/** The client configuration endpoint, where a client reads, replaces or deletes its registration. @see RFC 7592, section 2 */
export async function clientConfigurationEndpoint(context: FeatureContext, options: RegistrationPolicy): Promise<Reply> {
  const { server, request } = context
  const store = writableStore(server)
  const { client, token } = await authenticateRegistration(context)
  if (request.method === 'GET') return jsonResponse(describe(client, { token }, server))
  if (request.method === 'DELETE') return deleteClient(client, store, server)
  const body = await readBody(request)
  await checkIdentity(body, client)
  // A stranger stays one, also if registration needs a token by now.
  const standing = standingOf(options, client.selfRegistered === true)
  const proposed = readMetadata(body, server, standing)
  const secret = await secretFor(proposed, client, server)
  const { clientId, registrationToken = '' } = client
  const replaced = asRecord(proposed, { ...standing, clientId, secret, registrationToken })
  await store.saveClient(replaced)
  await removeIfDeleted(replaced, store, server)
  return jsonResponse(describe(replaced, { token, secret }, server))
}

/** Milliseconds that a request may be in flight. */
const IN_FLIGHT_MS = 600_000

function deletionOf(clientId: string): string {
  return `client-deleted:${clientId}`
}

/** @throws OAuthError `invalid_token` if the client was deleted while its replacement was in flight. @see RFC 7592, section 2.3 */
async function removeIfDeleted({ clientId }: ClientRecord, store: Required<ClientStore>, server: FeatureServer): Promise<void> {
  if ((await server.stores.state.get(deletionOf(clientId))) === undefined) return
  await store.deleteClient(clientId)
  throw new OAuthError('invalid_token', 'the client was deleted')
}

async function deleteClient({ clientId }: ClientRecord, store: Required<ClientStore>, server: FeatureServer): Promise<Reply> {
  // Before the deletion: a replacement in flight looks for it once it has saved the client again.
  await server.stores.state.set(deletionOf(clientId), 1, server.now() + IN_FLIGHT_MS)
  await store.deleteClient(clientId)
  await revokeFamily(server, clientFamily(clientId))
  server.emit({ type: 'client.deleted', clientId })
  return new Reply(null, 204, { 'cache-control': 'no-store' })
}

/** A replacement must contain the client's id; if it contains a secret, it must be the current one. @see RFC 7592, section 2.2 */
async function checkIdentity(body: Readonly<Record<string, unknown>>, client: ClientRecord): Promise<void> {
  const { client_id: clientId, client_secret: secret } = body
  if (clientId !== client.clientId) throw new OAuthError('invalid_request', '"client_id" must be that of this registration')
  const isCurrent = secret === undefined || (typeof secret === 'string' && (await isClientSecret(secret, client)))
  if (!isCurrent) throw new OAuthError('invalid_request', '"client_secret" is not the current one')
}

/** Returns the client store. Throws a TypeError if it cannot save and delete clients. */
export function writableStore({ clients }: Pick<ServerContext, 'clients'>): Required<ClientStore> {
  if (isWritable(clients)) return clients
  throw new TypeError('registration: "clients" must be a ClientStore with "saveClient" and "deleteClient", such as clientStore()')
}

function isWritable(store: ClientStore): store is Required<ClientStore> {
  return 'saveClient' in store && 'deleteClient' in store
}

/** A page of another site can send every other media type without asking (CORS). @see RFC 7591, section 3.1 */
async function readBody(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') throw new OAuthError('invalid_request', 'the body must be application/json', { status: 415 })
  const text = await readText(request)
  try {
    const value = parseJson(text)
    if (isRecord(value)) return value
  } catch (cause) {
    throw new OAuthError('invalid_client_metadata', 'the body must be a JSON object of text, nested 20 levels deep at most', {
      cause,
    })
  }
  throw new OAuthError('invalid_client_metadata', 'the body must be a JSON object')
}

/** What a client may register, by who registered it. */
interface Standing {
  readonly limits: RegistrationLimits
  readonly isStranger: boolean
}

function standingOf(options: RegistrationLimits, isStranger: boolean): Standing {
  return { limits: limitsOf(options, isStranger), isStranger }
}

function readMetadata(body: Readonly<Record<string, unknown>>, server: FeatureServer, { limits }: Standing): ProposedClient {
  const proposed = withKnownGrants(withDefaults(fromWire(body, server)), limits, server)
  checkTexts(proposed, limits.reservedNames ?? [])
  checkClientMetadata(proposed, server)
  return limitMetadata(proposed, limits, server.scopes)
}

interface Registered extends Standing {
  readonly clientId: string
  readonly secret: RegisteredSecret
  readonly registrationToken: string
}

function asRecord(proposed: ProposedClient, registered: Registered): ClientRecord {
  const { clientId, secret, registrationToken, limits, isStranger } = registered
  const { redirectUris, tokenEndpointAuthMethod, ...metadata } = proposed
  return {
    ...metadata,
    clientId,
    tokenEndpointAuthMethod: String(tokenEndpointAuthMethod),
    redirectUris: Array.isArray(redirectUris) ? redirectUris.map(String) : [],
    registrationToken,
    // The host has not reviewed this client, so the user must consent (RFC 6749, section 10.2; RFC 7591, section 5).
    requireConsent: true,
    selfRegistered: isStranger,
    introspects: limits.introspection === false ? 'own' : 'any',
    clientSecret: secret.stored,
  }
}

/** @see RFC 7591, section 3.2.1; RFC 7592, section 3 */
function describe(
  client: ClientRecord,
  { token, secret: { issued } = {} }: { readonly token: string; readonly secret?: RegisteredSecret },
  server: FeatureServer,
): Record<string, unknown> {
  return {
    ...toWire(client, server),
    registration_client_uri: `${server.urlOf('/register')}/${encodeURIComponent(client.clientId)}`,
    registration_access_token: token,
    ...(issued !== undefined && { client_secret: issued, client_secret_expires_at: 0 }),
  }
}
