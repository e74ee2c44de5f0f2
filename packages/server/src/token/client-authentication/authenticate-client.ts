import { defined } from '../../options/defined.js'
import { authMethod } from '../grants/client-may.js'
import { OAuthError } from '../../http/oauth-error.js'
import type { Parameters } from '../../http/parameters.js'
import type { Exchange, ServerParts } from '../../options/server-parts.js'
import type { ClientRecord } from '../../storage/client-store.js'
import { readBasicCredentials } from './basic-credentials.js'
import { ASSERTION_TYPE, claimedClient, isClientAssertion } from './client-assertion.js'
import { isClientSecret } from './client-secret.js'

/** What a request says of its client, and how. */
interface Presented {
  readonly method: 'none' | 'client_secret_basic' | 'client_secret_post' | 'assertion'
  readonly clientId: string
  /** The secret, or the assertion. */
  readonly proof?: string
}

/** A way of one's own to tell which client asks: by a TLS certificate, an address, a header of the gateway. */
export type AuthenticateClient = (
  request: Request,
  params: URLSearchParams,
) => ClientRecord | undefined | Promise<ClientRecord | undefined>

/** @see OpenID Connect Core 1.0, section 9 */
export const AUTH_METHODS: readonly string[] = [
  'none',
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
]

/** Algorithms of `client_secret_jwt`. @see RFC 7518, section 3.2 */
export const HMAC_ALGORITHMS: readonly string[] = ['HS256', 'HS384', 'HS512']

/** What each way of presenting oneself may stand for, given what the client's metadata names. */
const FITS: Readonly<Record<Presented['method'], readonly string[]>> = {
  none: ['none'],
  client_secret_basic: ['client_secret_basic'],
  client_secret_post: ['client_secret_post'],
  assertion: ['client_secret_jwt', 'private_key_jwt'],
}

/**
 * Finds out which client asks, and that it is that client.
 *
 * @throws OAuthError `invalid_client`; 401 with a challenge where the client tried the Authorization header
 * @see RFC 6749, sections 2.3 and 5.2
 */
export async function authenticateClient(exchange: Exchange, params: Parameters): Promise<ClientRecord> {
  const { request, server } = exchange
  const byHost = await server.authenticateClient?.(request, new URLSearchParams(params.search))
  if (byHost) return byHost
  try {
    const presented = readPresented(request, params, server)
    const client = await server.clients.findClient(presented.clientId)
    if (!client || !(await isAuthentic(client, presented, server))) throw refused(exchange)
    return client
  } catch (error) {
    if (error instanceof OAuthError) tellOfFailure(exchange, params, error)
    throw error
  }
}

function tellOfFailure({ server, request, url }: Exchange, params: Parameters, { error }: OAuthError): void {
  const clientId = params.get('client_id') ?? nameInHeader(request)
  const endpoint = url.pathname.slice(server.path.length)
  server.emit({ type: 'client_authentication.failed', error, endpoint, ...defined({ clientId }) })
}

/** The name that a client gave itself, where its header can be read at all. */
function nameInHeader(request: Request): string | undefined {
  try {
    return readBasicCredentials(request, '')?.clientId
  } catch {
    return undefined
  }
}

/** @returns whether a request says anything about its client */
export function presentsClient(request: Request, params: Parameters): boolean {
  return request.headers.has('authorization') || ['client_id', 'client_assertion'].some((name) => params.get(name) !== undefined)
}

function readPresented(request: Request, params: Parameters, { issuer }: ServerParts): Presented {
  const basic = readBasicCredentials(request, issuer)
  const clientId = params.get('client_id')
  const secret = params.get('client_secret')
  const assertion = readAssertion(params)
  if ([basic, secret, assertion].filter((way) => way !== undefined).length > 1) {
    throw new OAuthError('invalid_request', 'the client authenticates in two ways at once')
  }
  const claimed = basic?.clientId ?? (assertion === undefined ? clientId : (claimedClient(assertion) ?? clientId))
  if (claimed === undefined) throw new OAuthError('invalid_client', 'the request does not say which client it comes from')
  if (clientId !== undefined && clientId !== claimed) {
    throw new OAuthError('invalid_request', '"client_id" is not the client that authenticates')
  }
  if (basic) return { method: 'client_secret_basic', clientId: claimed, proof: basic.secret }
  if (assertion !== undefined) return { method: 'assertion', clientId: claimed, proof: assertion }
  return secret === undefined
    ? { method: 'none', clientId: claimed }
    : { method: 'client_secret_post', clientId: claimed, proof: secret }
}

function readAssertion(params: Parameters): string | undefined {
  const assertion = params.get('client_assertion')
  const type = params.get('client_assertion_type')
  if (assertion === undefined && type === undefined) return undefined
  if (assertion !== undefined && type === ASSERTION_TYPE) return assertion
  throw new OAuthError('invalid_client', `"client_assertion" goes with the "client_assertion_type" ${ASSERTION_TYPE}`)
}

async function isAuthentic(client: ClientRecord, { method, proof = '' }: Presented, server: ServerParts): Promise<boolean> {
  const expected = authMethod(client)
  // A client with a secret that names no method may send it in the header or in the body (RFC 6749, section 2.3.1).
  const isEither = client.tokenEndpointAuthMethod === undefined && expected !== 'none' && method.startsWith('client_secret_')
  if (!isEither && !FITS[method].includes(expected)) return false
  if (method === 'none') return true
  return method === 'assertion' ? isClientAssertion(proof, client, server) : isClientSecret(proof, client)
}

function refused({ request, server }: Exchange): OAuthError {
  const challenge = request.headers.has('authorization') ? { 'www-authenticate': `Basic realm="${server.issuer}"` } : {}
  return new OAuthError('invalid_client', 'the client is unknown, or did not authenticate in its way', { headers: challenge })
}
