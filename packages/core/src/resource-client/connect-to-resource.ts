import { resolveOptions } from '../client/resolve-options.js'
import { createError } from '../errors/create-error.js'
import { NetworkError } from '../errors/errors.js'
import { refuseOtherKind, refuseUnknownOptions } from '../errors/unknown-options.js'
import { contextOf, withTypedErrors } from '../grants/grant-subject.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { secureUrl } from '../protocol/endpoint-url.js'
import { chooseClient } from './choose-client.js'
import { withinReach } from './connection-fetch.js'
import { createConnectionStore, type StoredConnection } from './connection-store.js'
import { findAuthorizationServer, type FoundServer, type RequestOptions } from './find-authorization-server.js'
import { findResource, type FoundResource } from './find-resource.js'
import { type ConnectionSetup, openConnection } from './open-connection.js'
import { RESOURCE_CLIENT_OPTIONS, type ResourceClientOptions } from './resource-client-options.js'
import type { ResourceConnection } from './resource-connection.js'

/**
 * Connects to an API or MCP server of which only the URL is known: finds its authorization server, gets a client id there, and restores the
 * session, or completes the sign-in, whose authorization response is in the URL of the page. The user signs in by `connect()` of the result.
 *
 * A connection whose session is stored needs no request.
 *
 * @throws ConfigurationError configuration, also for several authorization servers without `chooseAuthorizationServer`, and unsupported for
 *   a server without PKCE or without a way to get a client id; ValidationError invalid_metadata, issuer_mismatch; ServerError token_error for
 *   a refused registration; NetworkError; InteractionError aborted
 * @see RFC 9728; RFC 8414; RFC 7591; RFC 8707; draft-ietf-oauth-client-id-metadata-document; Model Context Protocol, Authorization
 */
export function connectToResource(url: string | URL, options: ResourceClientOptions = {}): Promise<ResourceConnection> {
  return withTypedErrors(async () => {
    const setup = setUp('connectToResource()', url, options)
    // A router may replace the URL of the page before the storage is read.
    const pageUrl = setup.config.environment.window?.location.href
    const known = await setup.store.readConnection(setup.url.href)
    const resumed = known && isCurrent(setup, known) ? await openConnection(setup, known) : undefined
    if (resumed) await start(setup, resumed, pageUrl)
    const { status, error } = resumed?.client.getSnapshot() ?? {}
    if (resumed && (status === 'signed-in' || error)) return resumed
    return discoverAgain(setup, known, resumed)
  })
}

/**
 * Completes a sign-in by redirect in a page that does not know which resource it was for: finds the connection to which the authorization
 * response in the URL of the page belongs.
 *
 * @returns undefined if there is none
 * @throws as `connectToResource`
 */
export function resumeConnection(options: ResourceClientOptions = {}): Promise<ResourceConnection | undefined> {
  return withTypedErrors(async () => {
    const page = resolveSetup(options).config.environment.window
    const pageUrl = page?.location.href
    const { store } = resolveSetup(options)
    for (const url of pageUrl?.includes('state=') ? await store.urls() : []) {
      const setup = setUp('resumeConnection()', url, options)
      const known = await store.readConnection(url)
      const connection = known && isCurrent(setup, known) ? await openConnection(setup, known) : undefined
      if (pageUrl && connection?.client.isCallback(pageUrl)) {
        await start(setup, connection, pageUrl)
        return connection
      }
      await connection?.close()
    }
    return undefined
  })
}

function setUp(where: string, url: string | URL, options: ResourceClientOptions): ConnectionSetup {
  if (IS_DEVELOPMENT) refuseUnknownOptions(where, options, RESOURCE_CLIENT_OPTIONS)
  if (!(url instanceof URL)) refuseOtherKind(where, 'url', [url, 'string', 'required'])
  const address = secureUrl(String(url), 'the URL of the resource', { options: {} })
  if (address.username || address.password) {
    throw createError('configuration', 'The URL of the resource contains a user name or a password.', {
      hint: 'Remove it: the resource gets an access token.',
      spec: 'RFC 9728, section 1.2',
    })
  }
  address.hash = ''
  const { store, config } = resolveSetup(options)
  const environment = { ...config.environment, fetch: withinReach(config.environment.fetch, address) }
  return { store, config: { ...config, environment }, url: address, options }
}

function resolveSetup(options: ResourceClientOptions): Pick<ConnectionSetup, 'config' | 'store'> {
  const { fetch, now, environment, storage, redirectUri } = options
  const named = { issuer: 'https://unknown.invalid', clientId: 'unknown' }
  const config = resolveOptions({ ...named, fetch, now, environment, storage, redirectUri })
  return { config, store: createConnectionStore(config.storage, config.environment) }
}

/** Whether the options still lead to a stored connection. */
function isCurrent({ options, config }: ConnectionSetup, { source, clientId, redirectUri, server }: StoredConnection): boolean {
  if (redirectUri !== config.redirectUri) return false
  const given = typeof options.clientId === 'function' ? options.clientId(server.issuer) : options.clientId
  if (given !== undefined || source === 'given') return given === clientId
  return source === 'registration' || clientId === options.clientMetadataUrl
}

/** Restores the session, or completes the authorization response of the page. A failure is in the state. */
async function start(
  { store }: ConnectionSetup,
  { client, url }: ResourceConnection,
  pageUrl: string | undefined,
): Promise<void> {
  const isMoved = pageUrl !== undefined && client.isCallback(pageUrl) && !client.isCallback()
  await client.start()
  store.afterSignIn(url)
  if (isMoved) await client.handleCallback(pageUrl).catch(() => undefined)
}

/** @param resumed the connection of last time, without a session. It is used again if the resource still says the same */
async function discoverAgain(
  setup: ConnectionSetup,
  known: StoredConnection | undefined,
  resumed: ResourceConnection | undefined,
): Promise<ResourceConnection> {
  try {
    const { connection, server } = await discover(setup, known)
    await setup.store.writeConnection(connection)
    if (resumed && known && isSame(known, connection)) return resumed
    const opened = await openConnection(setup, connection, server.record)
    await opened.client.start()
    await resumed?.close()
    return opened
  } catch (cause) {
    if (resumed && cause instanceof NetworkError) return resumed
    await resumed?.close()
    throw cause
  }
}

interface Discovery {
  readonly connection: StoredConnection
  readonly server: FoundServer
}

async function discover(setup: ConnectionSetup, known: StoredConnection | undefined): Promise<Discovery> {
  const { url, options, config, store } = setup
  const { redirectUri } = config
  const { fetch } = config.environment
  const { now, logger, timeout, signal, challenge, scope } = options
  const requests: RequestOptions = { now, environment: { ...options.environment, fetch }, logger, timeout }
  const context = contextOf({ ...requests, clientId: 'none' })
  const found = await findResource({ context, url, challenge, scope, signal })
  const server = await findAuthorizationServer(await chooseServer(setup, found, known), requests, signal)
  const client = await chooseClient({ options, server, redirectUri, store, requests, signal })
  const { resource, metadata } = found
  const { metadataUrl, record } = server
  const connection = {
    ...client,
    url: url.href,
    resource,
    metadata,
    server: record.metadata,
    metadataUrl,
    redirectUri,
    scope: found.scope,
  }
  return { connection, server }
}

/** @throws ConfigurationError for no choice, or one that the resource has not named */
async function chooseServer(
  { options }: ConnectionSetup,
  found: FoundResource,
  known: StoredConnection | undefined,
): Promise<string> {
  const { servers, metadata, resource } = found
  const { chooseAuthorizationServer: choose } = options
  const former = servers.find((server) => server === known?.server.issuer)
  const only = servers.length === 1 ? servers[0] : former
  const chosen = choose ? await choose(servers, metadata ?? { resource, authorization_servers: servers }, former) : only
  const server = servers.find((one) => one === chosen)
  if (server !== undefined) return server
  throw createError('configuration', describeChoice(servers, chosen), {
    hint: 'Pass "chooseAuthorizationServer" and return one of them, for example the one that the user selects.',
    spec: 'RFC 9728, section 7.6',
  })
}

function describeChoice(servers: readonly string[], chosen: string | null | undefined): string {
  const names = servers.map((server) => `"${server}"`).join(', ')
  if (typeof chosen === 'string') return `"${chosen}" is not an authorization server of the resource, which names ${names}.`
  return servers.length === 1
    ? `The authorization server ${names} of the resource was not chosen.`
    : `The resource names ${servers.length} authorization servers, and none was chosen: ${names}.`
}

function isSame(known: StoredConnection, fresh: StoredConnection): boolean {
  return identityOf(known) === identityOf(fresh)
}

/** What the client of a connection is made of. */
function identityOf({ server, metadata, ...rest }: StoredConnection): string {
  const { resource, metadataUrl, redirectUri, scope, clientId, clientSecret } = rest
  const isBound = metadata?.['dpop_bound_access_tokens_required'] === true
  return JSON.stringify([server.issuer, metadataUrl, clientId, clientSecret, redirectUri, resource, scope, isBound])
}
