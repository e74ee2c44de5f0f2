import type { AuthorizationDetails } from '../rar/authorization-details.js'
import { defined } from '../../options/defined.js'
import type { ServerParts } from '../../options/server-parts.js'

/** A request that a person decides about elsewhere, while its client asks again and again. */
export interface PendingRequest {
  /** Digest of the code or id that the client asks with. */
  readonly key: string
  readonly clientId: string
  readonly scope: readonly string[]
  readonly requestedScope?: string
  readonly resources?: readonly string[]
  readonly authorizationDetails?: readonly AuthorizationDetails[]
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** What the person said. */
export type Decision = { readonly allowed: false } | Approval

/** A yes, and whose it is. */
export interface Approval {
  readonly allowed: true
  readonly userId: string
  readonly data: Readonly<Record<string, unknown>>
  /** Seconds since the epoch. */
  readonly authTime: number
  readonly acr?: string
  readonly amr?: readonly string[]
}

type Key = Pick<PendingRequest, 'key' | 'expiresAt'>

/** The decisions about one kind of request. Each step holds between all processes that share the store. */
export interface Decisions {
  /** @returns whether this decision is the first one */
  decide(request: Key, decision: Decision, server: Pick<ServerParts, 'stores'>): Promise<boolean>
  read(request: Key, server: Pick<ServerParts, 'stores'>): Promise<Decision | undefined>
  /** @returns whether this is the only one of all polls that gets the tokens */
  take(request: Key, server: Pick<ServerParts, 'stores'>): Promise<boolean>
  /** @returns whether the client waited for the interval (seconds) that it was told */
  notePoll(request: Key, interval: number, server: ServerParts): Promise<boolean>
}

/** Milliseconds that everything about a request is kept beyond its expiry, so that "expired" can be told from "unknown". */
export const AFTERLIFE = 60_000

function end({ expiresAt }: Key): number {
  return expiresAt + AFTERLIFE
}

/** @param kind what the keys in the store begin with */
export function decisionsOn(kind: 'device' | 'ciba'): Decisions {
  return {
    decide: (request, decision, { stores }) =>
      stores.state.add(`${kind}-decision:${request.key}`, defined(decision), end(request)),
    read: ({ key }, { stores }) => stores.state.get<Decision>(`${kind}-decision:${key}`),
    take: (request, { stores }) => stores.state.add(`${kind}-taken:${request.key}`, 1, end(request)),
    async notePoll(request, interval, server) {
      const { state } = server.stores
      const name = `${kind}-polled:${request.key}`
      const last = await state.get<number>(name)
      await state.set(name, server.now(), end(request))
      return last === undefined || server.now() - last >= interval * 1000
    },
  }
}
