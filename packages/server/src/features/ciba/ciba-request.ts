import type { ServerContext } from '../../options/server-context.js'
import { decisionsOn, EXPIRED_RETENTION_MS, type Decision, type Decisions, type PendingRequest } from '../polling/decisions.js'
import { leaveAfterDenial, leaveWaitingList, readWaitingList, type WaitingPlace } from './waiting-list.js'

/** @see OpenID Connect CIBA Core 1.0, section 10.1 */
export const CIBA_GRANT_TYPE = 'urn:openid:params:grant-type:ciba'

type CibaServer = Pick<ServerContext, 'stores' | 'now'>

/** A backchannel authentication request, stored under the digest of its `auth_req_id`. */
export interface CibaRequest extends PendingRequest, WaitingPlace {
  /** Names the request to the user: random, because the client knows the `key` and must not see the user's pages. */
  readonly requestId: string
  /** The `login_hint` of the client. */
  readonly loginHint?: string | undefined
  /** The only user who may decide it. */
  readonly userId: string
  readonly bindingMessage?: string | undefined
  readonly acrValues?: string | undefined
}

/** The users' decisions about backchannel authentication requests. */
export const cibaDecisions: Decisions = decisionsOn('ciba')

/** Stores a request until a minute after its expiry. */
export async function saveCibaRequest(request: CibaRequest, { stores: { state } }: Pick<ServerContext, 'stores'>): Promise<void> {
  const { key, requestId, expiresAt } = request
  await Promise.all([
    state.set(`ciba:${key}`, request, expiresAt + EXPIRED_RETENTION_MS),
    state.set(`ciba-request:${requestId}`, key, expiresAt),
  ])
}

/** Returns the request of an `auth_req_id` until a minute after its expiry. */
export function findCibaRequest(key: string, { stores }: Pick<ServerContext, 'stores'>): Promise<CibaRequest | undefined> {
  return stores.state.get<CibaRequest>(`ciba:${key}`)
}

/** The syntax of a `requestId`; other text may not be a valid key of the store. */
const REQUEST_ID = /^[\w-]{43}$/

/** Returns the request with this `requestId`, which may be untrusted input, while it can be decided. */
export async function findWaitingRequest(requestId: string, server: CibaServer): Promise<CibaRequest | undefined> {
  const key = REQUEST_ID.test(requestId) ? await server.stores.state.get<string>(`ciba-request:${requestId}`) : undefined
  return key === undefined ? undefined : whileWaiting(key, server)
}

async function whileWaiting(key: string, server: CibaServer): Promise<CibaRequest | undefined> {
  const request = await findCibaRequest(key, server)
  if (!request || request.expiresAt <= server.now()) return undefined
  return (await cibaDecisions.read(request, server)) ? undefined : request
}

/** Returns all requests that wait for this user, those that expire first in front. */
export async function requestsWaitingFor(userId: string, server: CibaServer): Promise<readonly CibaRequest[]> {
  const keys = await readWaitingList(userId, server)
  const found = await Promise.all(keys.map((key) => whileWaiting(key, server)))
  return found
    .filter((request) => request !== undefined)
    .filter((request) => request.userId === userId)
    .toSorted((one, other) => one.expiresAt - other.expiresAt)
}

type DecidingServer = Pick<ServerContext, 'stores' | 'emit'>

/** Saves the decision about a request. Returns whether it is the first one. */
export async function decideCibaRequest(request: CibaRequest, decision: Decision, server: DecidingServer): Promise<boolean> {
  if (!(await cibaDecisions.decide(request, decision, server))) return false
  await (decision.allowed ? leaveWaitingList(request, server) : leaveAfterDenial(request, server))
  emitDecision(request, decision, server)
  return true
}

/** Denies a request that its user has not been notified of. */
export async function withdrawCibaRequest(request: CibaRequest, server: DecidingServer): Promise<void> {
  const denial = { allowed: false } as const
  if (!(await cibaDecisions.decide(request, denial, server))) return
  await leaveWaitingList(request, server)
  emitDecision(request, denial, server)
}

function emitDecision({ clientId, userId, scope }: CibaRequest, { allowed }: Decision, server: DecidingServer): void {
  const type = allowed ? 'authorization.granted' : 'authorization.denied'
  server.emit({ type, clientId, userId, grantType: CIBA_GRANT_TYPE, scope: scope.join(' ') })
}
