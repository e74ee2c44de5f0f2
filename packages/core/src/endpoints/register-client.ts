import { createError } from '../errors/create-error.js'
import { customFetch, dynamicClientRegistrationRequest } from 'oauth4webapi'
import { contextOf } from '../grants/grant-subject.js'
import type { StandaloneClient } from '../grants/grant-subject.js'
import { endpointOptions } from '../protocol/endpoint-request.js'
import { readJsonObject } from '../protocol/json-response.js'
import type { JsonObject } from '../protocol/json-response.js'
import { loadServer } from '../protocol/load-server.js'
import { authorizationServer, endpointUrl, secureUrl } from '../protocol/oauth-parties.js'
import { toClientError } from '../protocol/protocol-errors.js'
import type { Purpose } from '../protocol/protocol-errors.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'

/** The server to register at, and the options of the requests to it. */
export type RegistrationServer = Omit<StandaloneClient, 'clientId' | 'clientAuth' | 'clientSecret' | 'scope'>

/** Client metadata, with its members under their own names. @see RFC 7591, section 2 */
export interface ClientMetadata {
  readonly redirect_uris?: readonly string[]
  readonly token_endpoint_auth_method?: string
  readonly grant_types?: readonly string[]
  readonly response_types?: readonly string[]
  readonly client_name?: string
  readonly scope?: string
  readonly jwks_uri?: string
  readonly jwks?: { readonly keys: readonly JsonWebKey[] }
  readonly [member: string]: unknown
}

/** The registered client, as the server returned it. @see RFC 7591, section 3.2.1 */
export interface RegisteredClient extends ClientMetadata {
  readonly client_id: string
  readonly client_secret?: string
  /** URL at which the registration can be read, updated and deleted. @see RFC 7592, section 3 */
  readonly registration_client_uri?: string
  /** Access token for `registration_client_uri`. */
  readonly registration_access_token?: string
}

const registrationEndpoint: Purpose = {
  name: 'client registration endpoint',
  invalid: 'invalid_response',
  refused: 'token_error',
  spec: 'RFC 7591, section 3.2',
}

/**
 * Registers a client at the server's registration endpoint.
 *
 * @throws ConfigurationError unsupported; ServerError token_error with the server's `error`; NetworkError; ValidationError
 * @see RFC 7591, section 3
 */
export async function registerClient(
  server: RegistrationServer,
  metadata: ClientMetadata,
  options: { readonly initialAccessToken?: string; readonly signal?: AbortSignal } = {},
): Promise<RegisteredClient> {
  return reporting(async () => {
    const context = contextOf({ ...server, clientId: 'unregistered' })
    const record = await loadServer(context, { keys: false, signal: options.signal })
    if (record.metadata.registration_endpoint === undefined) {
      throw createError('unsupported', 'The server has no registration endpoint.', {
        hint: 'Register the client in the settings of the server.',
        spec: 'RFC 7591, section 3',
      })
    }
    const { initialAccessToken } = options
    const url = endpointUrl(context, record.metadata, 'registration_endpoint')
    const request = endpointOptions(context, url, { purpose: registrationEndpoint, signal: options.signal })
    const party = authorizationServer(record.metadata)
    const response = await dynamicClientRegistrationRequest(party, JSON.parse(JSON.stringify(metadata)), {
      ...request,
      ...(initialAccessToken === undefined ? {} : { initialAccessToken }),
    })
    return registered(await readJsonObject(response, registrationEndpoint, [initialAccessToken ?? '']))
  })
}

/** Reads a registration. @see RFC 7592, section 2.1 */
export function readRegistration(server: RegistrationServer, client: RegisteredClient): Promise<RegisteredClient> {
  return reporting(async () => registered(await readJsonObject(await manage(server, client, 'GET'), registrationEndpoint)))
}

/** Replaces the metadata of a registration. @see RFC 7592, section 2.2 */
export function updateRegistration(
  server: RegistrationServer,
  client: RegisteredClient,
  metadata: ClientMetadata,
): Promise<RegisteredClient> {
  const { client_id, client_secret } = client
  const body = JSON.stringify({ ...metadata, client_id, client_secret })
  return reporting(async () => registered(await readJsonObject(await manage(server, client, 'PUT', body), registrationEndpoint)))
}

/** Deletes a registration. @see RFC 7592, section 2.3 */
export function deleteRegistration(server: RegistrationServer, client: RegisteredClient): Promise<void> {
  return reporting(async () => {
    const response = await manage(server, client, 'DELETE')
    if (!response.ok) {
      await readJsonObject(response, registrationEndpoint)
    }
  })
}

async function manage(server: RegistrationServer, client: RegisteredClient, method: string, body?: string): Promise<Response> {
  const context: ProtocolContext = contextOf({ ...server, clientId: client.client_id })
  const url = secureUrl(client.registration_client_uri, '"registration_client_uri"')
  const send = endpointOptions(context, url, { purpose: registrationEndpoint })[customFetch]
  return send(url.href, {
    method,
    body,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${client.registration_access_token ?? ''}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
  })
}

function registered(body: JsonObject): RegisteredClient {
  const { client_id } = body
  if (typeof client_id !== 'string') {
    throw createError('invalid_response', 'The registration response has no "client_id".', {
      hint: 'Check that the URL is that of the client registration endpoint.',
      spec: 'RFC 7591, section 3.2.1',
    })
  }
  return { ...body, client_id }
}

async function reporting<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw toClientError(error)
  }
}
