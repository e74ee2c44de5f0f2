import type { OAuthClient } from '@latchkey/core'
import type { Query, QueryClient } from '@tanstack/react-query'

const OURS = 'latchkey'

/** The beginning of every query key of ours: no user's data is ever found under another's key. */
export type SubjectQueryKey = readonly [typeof OURS, ClientIdentity, subject: string | null]

interface ClientIdentity {
  readonly issuer: string | undefined
  readonly clientId: string
  readonly name: string | undefined
}

/**
 * @param subject from `subjectOf`
 * @returns the beginning of the keys under which a user's data is kept
 */
export function subjectQueryKey(client: OAuthClient<unknown>, subject: string | undefined): SubjectQueryKey {
  const { issuer, server, clientId, name } = client.options
  return [OURS, { issuer: issuer ?? server?.issuer, clientId, name }, subject ?? null]
}

/**
 * Forgets what the former user could see. Queries in use go back to their beginning (which also drops what they have in flight), so
 * that a mounted component does not go on showing it; the others are removed.
 *
 * @param isAll false: only what the hooks of this package have fetched
 */
export function dropQueries(queryClient: QueryClient, isAll: boolean): void {
  const cache = queryClient.getQueryCache()
  for (const query of cache.getAll()) {
    if (!isAll && query.queryKey[0] !== OURS) continue
    if (query.getObserversCount() > 0) query.reset()
    else cache.remove(query)
  }
  if (isAll) queryClient.getMutationCache().clear()
}

/** Fetches anew what was dropped and is still shown; the rest goes with its key, which may name the former user. */
export function refetchDropped(queryClient: QueryClient): void {
  queryClient.removeQueries({ type: 'inactive', predicate: isUntouched })
  void queryClient.refetchQueries({ type: 'active', predicate: isUntouched })
}

function isUntouched({ state }: Query): boolean {
  return state.status === 'pending' && state.fetchStatus === 'idle'
}
