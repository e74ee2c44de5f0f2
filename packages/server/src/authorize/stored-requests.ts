import { OAuthError } from '../http/oauth-error.js'
import { readParameters, type Parameters } from '../http/parameters.js'
import type { ServerContext } from '../options/server-context.js'
import { digest } from '../storage/digest.js'
import { randomGenerator } from '../token/token-generator.js'
import type { RequestSource } from './authorization-request.js'

/** What every `request_uri` that this server issues starts with. */
export const REQUEST_URI_PREFIX = 'urn:ietf:params:oauth:request_uri:'
/** Seconds from the push until the browser must arrive. @see RFC 9126, section 2.2 */
const PUSH_LIFETIME = 90
/** Seconds that the user then has for the pages. */
const INTERACTION_LIFETIME = 3600
const random = randomGenerator()

/** How stored parameters arrived. */
interface Origin {
  /** In a request object. */
  readonly isSigned?: boolean | undefined
  /** Sent by the browser itself, not pushed. */
  readonly hasArrived?: boolean | undefined
}

interface StoredRequest extends Origin {
  readonly query: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** Stores a request. Returns the reference that finds it again, and in how many seconds a browser must arrive with it. */
export async function saveRequest(
  form: URLSearchParams,
  server: Pick<ServerContext, 'issuer' | 'stores' | 'now'>,
  origin: Origin = {},
): Promise<{ requestUri: string; expiresIn: number }> {
  const requestUri = REQUEST_URI_PREFIX + (await random.generate({ kind: 'other', issuer: server.issuer }))
  const expiresIn = origin.hasArrived ? INTERACTION_LIFETIME : PUSH_LIFETIME
  const stored: StoredRequest = { ...origin, query: form.toString(), expiresAt: server.now() + expiresIn * 1000 }
  await server.stores.state.set(`par:${await digest(requestUri)}`, stored, stored.expiresAt + INTERACTION_LIFETIME * 1000)
  return { requestUri, expiresIn }
}

/**
 * Returns the stored parameters, and nothing beside them (RFC 9126, section 4; RFC 9101, section 6.3).
 *
 * @param isInProgress whether the user has sent a form already: then the short lifetime until the browser arrives is ignored
 */
export async function findStoredRequest(
  params: Parameters,
  server: Pick<ServerContext, 'stores' | 'now'>,
  isInProgress: boolean,
): Promise<RequestSource> {
  const key = await digest(params.get('request_uri') ?? '')
  const stored = await server.stores.state.get<StoredRequest>(`par:${key}`)
  const isValid = stored !== undefined && (isInProgress || stored.expiresAt > server.now())
  if (!isValid || (await server.stores.state.get(`par-used:${key}`)) !== undefined) throw unknownRequest()
  const pushed = readParameters(new URLSearchParams(stored.query))
  if (pushed.get('client_id') !== params.get('client_id')) throw unknownRequest()
  return { params: pushed, isPushed: !stored.hasArrived, isSigned: stored.isSigned === true }
}

/** Marks a stored request as used, if the request refers to one: it is valid once in all processes. @see RFC 9126, section 7.3 */
export async function consumeStoredRequest(params: Parameters, server: Pick<ServerContext, 'stores' | 'now'>): Promise<void> {
  const requestUri = params.get('request_uri')
  if (requestUri === undefined) return
  const expiresAt = server.now() + (PUSH_LIFETIME + INTERACTION_LIFETIME) * 1000
  if (!(await server.stores.state.add(`par-used:${await digest(requestUri)}`, 1, expiresAt))) throw unknownRequest()
}

function unknownRequest(): OAuthError {
  return new OAuthError('invalid_request_uri', '"request_uri" is unknown, expired, used before, or another client\'s')
}
