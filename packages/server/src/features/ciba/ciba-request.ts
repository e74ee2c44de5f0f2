import { AFTERLIFE, decisionsOn, type Decision, type Decisions, type PendingRequest } from '../polling/decisions.js'
import type { ServerParts } from '../../options/server-parts.js'
import { leaveWaitingList, readWaitingList } from './waiting-list.js'

/** A backchannel authentication request, under the digest of its `auth_req_id`. */
export interface CibaRequest extends PendingRequest {
  /** Whom it asks, and nobody else. */
  readonly userId: string
  /** Where it stands in that person's waiting list. */
  readonly place: string
  readonly bindingMessage?: string
  readonly acrValues?: string
}

/** What became of backchannel authentication requests. */
export const cibaDecisions: Decisions = decisionsOn('ciba')

export function saveCibaRequest(request: CibaRequest, { stores }: Pick<ServerParts, 'stores'>): Promise<void> {
  return stores.state.set(`ciba:${request.key}`, request, request.expiresAt + AFTERLIFE)
}

/** @returns what an `auth_req_id` stands for, a minute beyond its expiry */
export function findCibaRequest(key: string, { stores }: Pick<ServerParts, 'stores'>): Promise<CibaRequest | undefined> {
  return stores.state.get<CibaRequest>(`ciba:${key}`)
}

/** What a digest looks like; anything else may be no key of a store's at all. */
const KEY = /^[\w-]{43}$/

/** @returns the request under this key, which may come from outside, while it can be decided */
export async function findWaitingRequest(key: string, server: ServerParts): Promise<CibaRequest | undefined> {
  const request = KEY.test(key) ? await findCibaRequest(key, server) : undefined
  if (!request || request.expiresAt <= server.now()) return undefined
  return (await cibaDecisions.read(request, server)) ? undefined : request
}

/** @returns everything that waits for this person, what ends first in front */
export async function requestsWaitingFor(userId: string, server: ServerParts): Promise<readonly CibaRequest[]> {
  const keys = await readWaitingList(userId, server)
  const found = await Promise.all(keys.map((key) => findWaitingRequest(key, server)))
  return found
    .filter((request) => request !== undefined)
    .filter((request) => request.userId === userId)
    .toSorted((one, other) => one.expiresAt - other.expiresAt)
}

/** Writes down the first answer to a request. @returns whether this is it */
export async function decideCibaRequest(request: CibaRequest, decision: Decision, server: ServerParts): Promise<boolean> {
  if (!(await cibaDecisions.decide(request, decision, server))) return false
  await leaveWaitingList(request, server)
  const { clientId, userId } = request
  const event = decision.allowed ? ({ type: 'authorization.granted' } as const) : ({ type: 'authorization.denied' } as const)
  server.emit({ ...event, clientId, userId, grantType: CIBA_GRANT_TYPE, scope: request.scope.join(' ') })
  return true
}

/** @see OpenID Connect CIBA Core 1.0, section 10.1 */
export const CIBA_GRANT_TYPE = 'urn:openid:params:grant-type:ciba'
