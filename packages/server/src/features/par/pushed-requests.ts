import { OAuthError } from '../../http/oauth-error.js'
import { readParameters, type Parameters } from '../../http/parameters.js'
import type { ServerParts } from '../../options/server-parts.js'
import { digest } from '../../storage/digest.js'
import { randomGenerator } from '../../token/token-generator.js'

export const PUSHED_PREFIX = 'urn:ietf:params:oauth:request_uri:'
/** Seconds from the push to the browser's arrival. @see RFC 9126, section 2.2 */
const LIFETIME = 90
/** Seconds that a person may then take over the pages. */
const INTERACTION = 3600
const random = randomGenerator()

/** How the parameters that are kept came here. */
interface Origin {
  /** They were in a request object. */
  readonly isSigned?: boolean
  /** A browser brought them itself: nobody pushed them. */
  readonly hasArrived?: boolean
}

interface PushedRequest extends Origin {
  readonly query: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** A request that was kept, and how it came here. */
export interface KeptRequest {
  readonly params: Parameters
  readonly isPushed: boolean
  readonly isSigned: boolean
}

/** @returns the reference by which the request is found again, and for how many seconds a browser may arrive with it */
export async function savePushedRequest(
  form: URLSearchParams,
  server: ServerParts,
  origin: Origin = {},
): Promise<{ requestUri: string; expiresIn: number }> {
  const requestUri = PUSHED_PREFIX + (await random.generate({ kind: 'other', issuer: server.issuer }))
  const lifetime = origin.hasArrived ? INTERACTION : LIFETIME
  const stored: PushedRequest = { ...origin, query: form.toString(), expiresAt: server.now() + lifetime * 1000 }
  await server.stores.state.set(`par:${await digest(requestUri)}`, stored, stored.expiresAt + INTERACTION * 1000)
  return { requestUri, expiresIn: lifetime }
}

/**
 * @param isUnderWay whether a person is answering already: then the short life until the browser's arrival does not count
 * @returns the pushed parameters, and nothing but them (RFC 9126, section 4; RFC 9101, section 6.3)
 */
export async function resolvePushedRequest(params: Parameters, server: ServerParts, isUnderWay: boolean): Promise<KeptRequest> {
  const key = await digest(params.get('request_uri') ?? '')
  const stored = await server.stores.state.get<PushedRequest>(`par:${key}`)
  const isAlive = stored !== undefined && (isUnderWay || stored.expiresAt > server.now())
  if (!isAlive || (await server.stores.state.get(`par-used:${key}`)) !== undefined) throw unknown()
  const pushed = readParameters(new URLSearchParams(stored.query))
  if (pushed.get('client_id') !== params.get('client_id')) throw unknown()
  return { params: pushed, isPushed: !stored.hasArrived, isSigned: stored.isSigned === true }
}

/** Takes a pushed request when it is answered, once in all processes. @see RFC 9126, section 7.3 */
export async function spendPushedRequest(params: Parameters, server: ServerParts): Promise<void> {
  const requestUri = params.get('request_uri')
  if (requestUri === undefined) return
  const isFirst = await server.stores.state.add(
    `par-used:${await digest(requestUri)}`,
    1,
    server.now() + (LIFETIME + INTERACTION) * 1000,
  )
  if (!isFirst) throw unknown()
}

function unknown(): OAuthError {
  return new OAuthError('invalid_request_uri', '"request_uri" is unknown, expired, used before, or another client\'s')
}
