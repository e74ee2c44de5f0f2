import type { OAuthClient } from '@latchkey/core'
import type { Query, QueryClient } from '@tanstack/react-query'

const KEY_PREFIX = 'latchkey'

/** The start of every query key of this package, so that one user's data is never found under another user's key. */
export type SubjectQueryKey = readonly [typeof KEY_PREFIX, ClientIdentity, subject: string | null]

interface ClientIdentity {
  readonly issuer: string | undefined
  readonly clientId: string
  readonly name: string | undefined
}

/**
 * @param subject from `subjectOf`
 * @returns the start of the query keys of this client and user
 */
export function subjectQueryKey(client: OAuthClient<unknown>, subject: string | undefined): SubjectQueryKey {
  const { issuer, server, clientId, name } = client.options
  return [KEY_PREFIX, { issuer: issuer ?? server?.issuer, clientId, name }, subject ?? null]
}

/**
 * Drops the previous user's data. Queries in use are reset, which also cancels their requests, so that a mounted component stops
 * showing the data; all others are removed.
 *
 * @param dropsAll false: only queries of this package's hooks
 */
export function dropQueries(queryClient: QueryClient, dropsAll: boolean): void {
  const cache = queryClient.getQueryCache()
  for (const query of cache.getAll()) {
    if (!dropsAll && query.queryKey[0] !== KEY_PREFIX) continue
    if (query.getObserversCount() > 0) query.reset()
    else cache.remove(query)
  }
  if (dropsAll) queryClient.getMutationCache().clear()
}

/** Refetches dropped queries that are still shown, and removes the rest: their keys may contain the previous user's `sub`. */
export function refetchDropped(queryClient: QueryClient): void {
  queryClient.removeQueries({ type: 'inactive', predicate: isReset })
  void queryClient.refetchQueries({ type: 'active', predicate: isReset })
}

function isReset({ state }: Query): boolean {
  return state.status === 'pending' && state.fetchStatus === 'idle'
}
