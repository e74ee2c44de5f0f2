import { createError } from '../errors/create-error.js'
import { refuseOtherKind, refuseUnknownOptions } from '../errors/unknown-options.js'
import { contextOf, type StandaloneClient, withTypedErrors } from '../grants/grant-subject.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { isRecord } from '../platform/is-record.js'
import { type EndpointInit, type JsonObject, sendToEndpoint } from '../protocol/endpoint-request.js'
import { endpointUrl, secureUrl } from '../protocol/endpoint-url.js'
import { readJsonObject } from '../protocol/read-json-object.js'
import { loadServer } from '../protocol/load-server.js'
import type { Purpose } from '../protocol/purpose.js'

/** The server to register at, and the options of the requests to it. */
export type RegistrationServer = Omit<
  StandaloneClient,
  'clientId' | 'clientAuth' | 'clientAuthMethods' | 'clientSecret' | 'scope' | 'tokenParams'
>

/** Client metadata, with its members under their own names. @see RFC 7591, section 2 */
export interface ClientMetadata {
  readonly redirect_uris?: readonly string[] | undefined
  readonly token_endpoint_auth_method?: string | undefined
  readonly grant_types?: readonly string[] | undefined
  readonly response_types?: readonly string[] | undefined
  readonly client_name?: string | undefined
  readonly scope?: string | undefined
  readonly jwks_uri?: string | undefined
  readonly jwks?: { readonly keys: readonly JsonWebKey[] } | undefined
  readonly [member: string]: unknown
}

/** The registered client, as the server returned it. @see RFC 7591, section 3.2.1 */
export interface ClientRegistration extends ClientMetadata {
  readonly client_id: string
  readonly client_secret?: string
  /** URL at which the registration can be read, updated and deleted. @see RFC 7592, section 3 */
  readonly registration_client_uri?: string
  /** Access token for `registration_client_uri`. */
  readonly registration_access_token?: string
}

const REGISTRATION_ENDPOINT: Purpose = {
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
export function registerClient(
  server: RegistrationServer,
  metadata: ClientMetadata,
  options: { readonly initialAccessToken?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<ClientRegistration> {
  return withTypedErrors(async () => {
    if (IS_DEVELOPMENT) refuseUnknownOptions('registerClient()', options, { initialAccessToken: 'string', signal: 'signal' })
    refuseOtherKind('registerClient()', 'server', [server, 'object', 'required'])
    refuseOtherKind('registerClient()', 'metadata', [metadata, 'object', 'required'])
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
    const rules = { purpose: REGISTRATION_ENDPOINT, signal: options.signal }
    const response = await sendToEndpoint(
      context,
      url.href,
      jsonRequest('POST', initialAccessToken || undefined, metadata),
      rules,
    )
    return registered(await readJsonObject(response, REGISTRATION_ENDPOINT, [initialAccessToken ?? '']))
  })
}

/** Reads a registration. @see RFC 7592, section 2.1 */
export function readRegistration(server: RegistrationServer, client: ClientRegistration): Promise<ClientRegistration> {
  return manage('readRegistration()', [server, client], async (send) =>
    registered(await readJsonObject(await send('GET'), REGISTRATION_ENDPOINT)),
  )
}

/** Replaces the metadata of a registration. @see RFC 7592, section 2.2 */
export function updateRegistration(
  server: RegistrationServer,
  client: ClientRegistration,
  metadata: ClientMetadata,
): Promise<ClientRegistration> {
  return manage('updateRegistration()', [server, client], async (send) => {
    refuseOtherKind('updateRegistration()', 'metadata', [metadata, 'object', 'required'])
    const { client_id, client_secret } = client
    return registered(await readJsonObject(await send('PUT', { ...metadata, client_id, client_secret }), REGISTRATION_ENDPOINT))
  })
}

/** Deletes a registration. @see RFC 7592, section 2.3 */
export function deleteRegistration(server: RegistrationServer, client: ClientRegistration): Promise<void> {
  return manage('deleteRegistration()', [server, client], async (send) => {
    const response = await send('DELETE')
    if (!response.ok) await readJsonObject(response, REGISTRATION_ENDPOINT)
  })
}

/** Runs `work` with a function that sends a request to the client's own configuration endpoint. */
function manage<Result>(
  where: string,
  [server, client]: readonly [server: RegistrationServer, client: ClientRegistration],
  work: (send: (method: string, body?: ClientMetadata) => Promise<Response>) => Promise<Result>,
): Promise<Result> {
  return withTypedErrors(async () => {
    refuseOtherKind(where, 'server', [server, 'object', 'required'])
    refuseOtherKind(where, 'client', [client, 'object', 'required'])
    const context = contextOf({ ...server, clientId: client.client_id })
    const url = secureUrl(client.registration_client_uri, '"registration_client_uri"', context)
    return work((method, body) => {
      const request = jsonRequest(method, client.registration_access_token ?? '', body)
      return sendToEndpoint(context, url.href, request, { purpose: REGISTRATION_ENDPOINT })
    })
  })
}

/** Members of private and symmetric keys. @see RFC 7518, section 6 */
const KEY_SECRETS = ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi'] as const

/** @throws ConfigurationError for a private key, which only this client may have */
function refusePrivateKeys({ jwks }: ClientMetadata): void {
  const keys: unknown = jwks?.keys
  if (!Array.isArray(keys) || !keys.some(isPrivateKey)) return
  throw createError('configuration', 'A key in "jwks" of the client metadata is private.', {
    hint: 'Nothing was sent. Pass the public keys: without "d", and for RSA without "p", "q", "dp", "dq" and "qi".',
    spec: 'RFC 7591, section 2',
  })
}

function isPrivateKey(key: unknown): boolean {
  return isRecord(key) && KEY_SECRETS.some((name) => key[name] !== undefined)
}

function jsonRequest(method: string, accessToken: string | undefined, body: ClientMetadata | undefined): EndpointInit {
  if (body) refusePrivateKeys(body)
  const headers = {
    accept: 'application/json',
    ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
    ...(body && { 'content-type': 'application/json' }),
  }
  return { method, headers, body: body && JSON.stringify(body) }
}

function registered(body: JsonObject): ClientRegistration {
  const { client_id } = body
  if (typeof client_id !== 'string') {
    throw createError('invalid_response', 'The registration response has no "client_id".', {
      hint: 'Check that the URL is that of the client registration endpoint.',
      spec: 'RFC 7591, section 3.2.1',
    })
  }
  return { ...body, client_id }
}
