import { type ClientMetadata, type ClientRegistration, registerClient } from '../endpoints/register-client.js'
import { createError } from '../errors/create-error.js'
import type { ConfigurationError } from '../errors/errors.js'
import { isLoopback } from '../platform/is-loopback.js'
import { parseUrl } from '../platform/parse-url.js'
import type { ServerMetadata } from '../protocol/server-metadata.js'
import type { ConnectionStore, RegisteredClient } from './connection-store.js'
import type { FoundServer, RequestOptions } from './find-authorization-server.js'
import type { ResourceClientOptions } from './resource-client-options.js'

/** The client id of this app at one authorization server, and how it authenticates. */
export interface ChosenClient extends RegisteredClient {
  readonly source: 'given' | 'document' | 'registration'
}

/** What a registration needs. */
export interface ClientChoice {
  readonly options: Pick<ResourceClientOptions, 'clientId' | 'clientMetadataUrl' | 'clientMetadata'>
  readonly server: FoundServer
  readonly redirectUri: string | undefined
  readonly store: ConnectionStore
  readonly requests: RequestOptions
  readonly signal: AbortSignal | undefined
}

/**
 * Chooses the client id for a server, in the order of the Model Context Protocol: a given one, the metadata document, a registration.
 *
 * @throws ConfigurationError configuration, unsupported; as `registerClient`
 */
export async function chooseClient(choice: ClientChoice): Promise<ChosenClient> {
  const { options, server } = choice
  const { metadata } = server.record
  const { clientId, clientMetadataUrl } = options
  const given = typeof clientId === 'function' ? clientId(metadata.issuer) : clientId
  if (given !== undefined) return { clientId: given, source: 'given' }
  if (clientMetadataUrl !== undefined && metadata['client_id_metadata_document_supported'] === true)
    return { clientId: checkDocumentUrl(clientMetadataUrl), source: 'document' }
  if (metadata.registration_endpoint === undefined) throw noClientId(metadata.issuer)
  return { ...(await registeredClient(choice)), source: 'registration' }
}

/** @see draft-ietf-oauth-client-id-metadata-document, section 3 */
function checkDocumentUrl(text: string): string {
  const url = parseUrl(text)
  const isSecure = url !== undefined && (url.protocol === 'https:' || isLoopback(url))
  // As written: the parser resolves dot segments.
  const isPlain =
    isSecure && url.pathname !== '/' && !url.hash && !url.username && !url.password && !/\/\.{1,2}(?:[/?]|$)/.test(text)
  if (isPlain) return text
  throw createError('configuration', `"clientMetadataUrl" is ${JSON.stringify(text)}: expected an https URL with a path.`, {
    hint: 'Without fragment, user name and dot segments: servers compare it with "client_id" in the document, character for character.',
    spec: 'draft-ietf-oauth-client-id-metadata-document, section 3',
  })
}

function noClientId(issuer: string): ConfigurationError {
  return createError('unsupported', `This app has no client id at the authorization server "${issuer}".`, {
    hint: 'The server neither registers clients nor takes the document of "clientMetadataUrl": register the app there and pass "clientId".',
    spec: 'RFC 7591, section 3',
  })
}

async function registeredClient(choice: ClientChoice): Promise<RegisteredClient> {
  const { server, redirectUri, store } = choice
  const { issuer } = server.record.metadata
  if (redirectUri === undefined) {
    throw createError('configuration', 'A registration needs the option "redirectUri" outside a page.', {
      hint: 'Pass the URL that the authorization server redirects to.',
      spec: 'RFC 7591, section 2',
    })
  }
  return store.oneAtATime(`latchkey/registration/${issuer} ${redirectUri}`, async () => {
    const known = await store.readRegistration(issuer, redirectUri)
    if (known) return known
    const client = await register(choice, redirectUri)
    await store.writeRegistration(issuer, redirectUri, client)
    return client
  })
}

const METHODS = ['none', 'client_secret_basic', 'client_secret_post'] as const

async function register(choice: ClientChoice, redirectUri: string): Promise<RegisteredClient> {
  const { options, server, requests, signal } = choice
  const { metadata } = server.record
  const registration = await registerClient(
    // Inline, so that it is not requested again.
    { ...requests, server: metadata },
    { ...usualMetadata(metadata, redirectUri), ...options.clientMetadata, redirect_uris: [redirectUri] },
    { signal },
  )
  return { ...readRegistration(registration), issuer: metadata.issuer }
}

function usualMetadata(server: ServerMetadata, redirectUri: string): ClientMetadata {
  const { grant_types_supported: grants, token_endpoint_auth_methods_supported: methods } = server
  const url = parseUrl(redirectUri)
  return {
    client_name: url?.host,
    token_endpoint_auth_method: METHODS.find((method) => !Array.isArray(methods) || methods.includes(method)) ?? 'none',
    grant_types: ['authorization_code', 'refresh_token'].filter((grant) => !Array.isArray(grants) || grants.includes(grant)),
    response_types: ['code'],
    // OpenID Connect Dynamic Client Registration 1.0, section 2: web clients have https.
    application_type: url?.protocol === 'https:' ? 'web' : 'native',
  }
}

function readRegistration(registration: ClientRegistration): Omit<RegisteredClient, 'issuer'> {
  const { client_id: clientId, client_secret: clientSecret, token_endpoint_auth_method: named } = registration
  const { client_secret_expires_at: expiresAt } = registration
  const method = METHODS.find((one) => one === (named ?? (clientSecret === undefined ? 'none' : 'client_secret_basic')))
  if (method === undefined) {
    throw createError('unsupported', `The server has registered a client that authenticates by "${named}".`, {
      hint: 'Pass "token_endpoint_auth_method" in "clientMetadata", or register the app at the server and pass "clientId".',
      spec: 'RFC 7591, section 3.2.1',
    })
  }
  if (method === 'none' || clientSecret === undefined) return { clientId }
  const expires = typeof expiresAt === 'number' && expiresAt > 0
  return { clientId, clientSecret, clientAuth: method, expiresAt: expires ? expiresAt : undefined }
}
