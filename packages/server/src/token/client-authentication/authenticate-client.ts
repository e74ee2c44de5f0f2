import { authMethod } from '../grants/client-may.js'
import { OAuthError } from '../../http/oauth-error.js'
import type { Parameters } from '../../http/parameters.js'
import type { RequestContext } from '../../http/request-context.js'
import { limitGuesses } from '../../limits/limit-guesses.js'
import type { ServerContext } from '../../options/server-context.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { readBasicCredentials } from './basic-credentials.js'
import { ASSERTION_TYPE, claimedClient, isClientAssertion } from './client-assertion.js'
import { isClientSecret, isClientSecretNow } from './client-secret.js'

/** The client that a request claims to be from, and its credentials. */
interface Presented {
  readonly method: 'none' | 'client_secret_basic' | 'client_secret_post' | 'assertion'
  readonly clientId: string
  /** The secret, or the assertion. */
  readonly proof?: string | undefined
}

/** The client authentication methods that this server supports. @see OpenID Connect Core 1.0, section 9 */
export const AUTH_METHODS: readonly string[] = [
  'none',
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
]

/** The registered methods that each kind of credentials is accepted for. */
const ACCEPTED_FOR: Readonly<Record<Presented['method'], readonly string[]>> = {
  none: ['none'],
  client_secret_basic: ['client_secret_basic'],
  client_secret_post: ['client_secret_post'],
  assertion: ['client_secret_jwt', 'private_key_jwt'],
}

/**
 * Authenticates the client of a request.
 *
 * @throws OAuthError `invalid_client`, sent as 401 with a challenge
 * @see RFC 6749, sections 2.3 and 5.2
 */
export async function authenticateClient(context: RequestContext, params: Parameters): Promise<ClientRecord> {
  const { request, server } = context
  const byHost = server.authenticateClient && (await server.authenticateClient(request, new URLSearchParams(params.search)))
  if (byHost) return byHost
  try {
    const presented = readPresented(request, params)
    const { clientId } = presented
    const known = await server.clients.findClient(clientId)
    const check = async (): Promise<ClientRecord | undefined> =>
      known && (await isAuthentic(known, presented, server)) ? known : undefined
    const checkNow = (): ClientRecord | undefined => (known && isAuthenticNow(known, presented) ? known : undefined)
    const guess = { kind: 'client', name: clientId, checkNow, event: () => ({ clientId: known?.clientId }) } as const
    const client = await (isGuess(presented, known) ? limitGuesses(context, guess, check) : check())
    if (!client) {
      const reason = known ? undefined : server.clients.explainUnknown?.(clientId)
      throw new OAuthError('invalid_client', reason ?? 'the client is unknown, or its authentication failed')
    }
    return client
  } catch (error) {
    if (error instanceof OAuthError && error.status !== 429) await emitFailure(context, params, error)
    throw error
  }
}

/** Names only clients that exist: what a stranger sends may be a secret in the wrong place, or lines for a log. */
async function emitFailure({ server, request, url }: RequestContext, params: Parameters, { error }: OAuthError): Promise<void> {
  const claimed = params.get('client_id') ?? clientIdInHeader(request)
  const clientId = claimed && (await server.clients.findClient(claimed))?.clientId
  const endpoint = url.pathname.slice(server.path.length)
  server.emit({ type: 'client_authentication.failed', error, endpoint, clientId })
}

/** The id that the client claims; undefined if its header is malformed. */
function clientIdInHeader(request: Request): string | undefined {
  try {
    return readBasicCredentials(request)?.clientId
  } catch {
    return undefined
  }
}

/** Tells whether a request identifies its client. */
export function presentsClient(request: Request, params: Parameters): boolean {
  return request.headers.has('authorization') || ['client_id', 'client_assertion'].some((name) => params.get(name) !== undefined)
}

function readPresented(request: Request, params: Parameters): Presented {
  const basic = readBasicCredentials(request)
  const clientId = params.get('client_id')
  const secret = params.get('client_secret')
  const assertion = readAssertion(params)
  if (isRepeated(basic, secret, assertion)) throw new OAuthError('invalid_request', 'the client authenticates in two ways')

  const claimed = basic?.clientId ?? (assertion === undefined ? clientId : (claimedClient(assertion) ?? clientId))
  if (claimed === undefined) throw new OAuthError('invalid_client', 'the request does not identify its client')
  if (clientId !== undefined && clientId !== claimed)
    throw new OAuthError('invalid_request', '"client_id" is not the client that authenticates')

  if (basic) return { method: 'client_secret_basic', clientId: claimed, proof: basic.secret }
  if (assertion !== undefined) return { method: 'assertion', clientId: claimed, proof: assertion }
  return secret === undefined
    ? { method: 'none', clientId: claimed }
    : { method: 'client_secret_post', clientId: claimed, proof: secret }
}

function isRepeated(basic: unknown, secret: unknown, assertion: unknown): boolean {
  return Number(basic !== undefined) + Number(secret !== undefined) + Number(assertion !== undefined) > 1
}

function readAssertion(params: Parameters): string | undefined {
  const assertion = params.get('client_assertion')
  const type = params.get('client_assertion_type')
  if (assertion === undefined && type === undefined) return undefined
  if (assertion !== undefined && type === ASSERTION_TYPE) return assertion
  throw new OAuthError('invalid_client', `"client_assertion" needs the "client_assertion_type" ${ASSERTION_TYPE}`)
}

/**
 * A client without credentials guesses nothing, nor does one that does not exist: nothing is stored for invented ids. The signature of a
 * private key cannot be guessed.
 */
function isGuess({ method }: Presented, client: ClientRecord | undefined): boolean {
  if (method === 'assertion') return client?.tokenEndpointAuthMethod === 'client_secret_jwt'
  return method !== 'none' && client !== undefined
}

async function isAuthentic(client: ClientRecord, presented: Presented, server: ServerContext): Promise<boolean> {
  if (!isAccepted(client, presented)) return false
  const { method, proof = '' } = presented
  if (method === 'none') return true
  return method === 'assertion' ? isClientAssertion(proof, client, server) : isClientSecret(proof, client)
}

/** Does what {@link isAuthentic} does for a secret; undefined for others, and on runtimes that cannot hash at once. */
function isAuthenticNow(client: ClientRecord, presented: Presented): boolean | undefined {
  if (presented.method === 'none' || presented.method === 'assertion') return undefined
  return isAccepted(client, presented) && isClientSecretNow(presented.proof ?? '', client)
}

/** Tells whether the client may authenticate by this method. */
function isAccepted(client: ClientRecord, { method }: Presented): boolean {
  const expected = authMethod(client)
  // A client with a secret and no registered method may send it in the header or in the body (RFC 6749, section 2.3.1).
  const isEither = client.tokenEndpointAuthMethod === undefined && expected !== 'none' && method.startsWith('client_secret_')
  return isEither || ACCEPTED_FOR[method].includes(expected)
}
