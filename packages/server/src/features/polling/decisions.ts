import type { ServerContext } from '../../options/server-context.js'
import type { AuthorizationDetails } from '../../storage/authorization-details.js'

/** A request that the user decides on another device or page, while the client polls for the decision. */
export interface PendingRequest {
  /** Digest of the code or id that the client polls with. */
  readonly key: string
  readonly clientId: string
  readonly scope: readonly string[]
  readonly requestedScope?: string | undefined
  readonly resources?: readonly string[] | undefined
  readonly authorizationDetails?: readonly AuthorizationDetails[] | undefined
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** What the user decided. */
export type Decision = { readonly allowed: false } | Approval

/** The user's approval. With a scope, it is for the parts of the request that it names, and for no others. */
export interface Approval extends Partial<Pick<PendingRequest, 'scope' | 'resources' | 'authorizationDetails'>> {
  readonly allowed: true
  readonly userId: string
  readonly data: Readonly<Record<string, unknown>>
  /** Seconds since the epoch. */
  readonly authTime: number
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
}

type Key = Pick<PendingRequest, 'key' | 'expiresAt'>
type StateServer = Pick<ServerContext, 'stores'>

/** The decisions about one kind of request. Each step is atomic between all processes that share the store. */
export interface Decisions {
  /** Saves a decision. Returns whether it is the first one. */
  decide(request: Key, decision: Decision, server: StateServer): Promise<boolean>
  /** Returns the decision; undefined while there is none. */
  read(request: Key, server: StateServer): Promise<Decision | undefined>
  /** Returns true for exactly one of all polls: the one that gets the tokens. */
  take(request: Key, server: StateServer): Promise<boolean>
  /** Records a poll. Returns whether the client waited for the interval (seconds). */
  respectsInterval(request: Key, interval: number, server: StateServer & Pick<ServerContext, 'now'>): Promise<boolean>
}

/** Milliseconds that an expired request is kept, so that "expired" can be distinguished from "unknown". */
export const EXPIRED_RETENTION_MS = 60_000

function retainedUntil({ expiresAt }: Key): number {
  return expiresAt + EXPIRED_RETENTION_MS
}

/** Creates the decisions of one kind. @param kind prefix of the store's keys */
export function decisionsOn(kind: 'device' | 'ciba'): Decisions {
  return {
    decide: (request, decision, { stores }) =>
      stores.state.add(`${kind}-decision:${request.key}`, decision, retainedUntil(request)),
    read: ({ key }, { stores }) => stores.state.get<Decision>(`${kind}-decision:${key}`),
    take: (request, { stores }) => stores.state.add(`${kind}-taken:${request.key}`, 1, retainedUntil(request)),
    async respectsInterval(request, interval, { stores: { state }, now }) {
      const name = `${kind}-polled:${request.key}`
      const last = await state.get<number>(name)
      await state.set(name, now(), retainedUntil(request))
      return last === undefined || now() - last >= interval * 1000
    },
  }
}
