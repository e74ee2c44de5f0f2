'use client'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { authedQueryOptions, type AuthedQuery } from './authed-query-options.js'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { subjectOf } from '../provider/subject.js'
import { useQueryCache } from './use-query-cache.js'
import { useSessionState } from './use-session-state.js'

export interface UseAuthedQueryOptions<Data, Selected = Data> extends AuthedQuery<Data, Selected> {
  /** Name of one of the provider's clients; default: the first. */
  readonly client?: ClientName | undefined
  /** Default true; nothing is fetched while nobody is signed in. */
  readonly enabled?: boolean | undefined
}

/**
 * A query to a protected resource: `useAuthedQuery({ queryKey: ['me'], queryFn: (fetch) => fetch('/api/me').then(json) })`.
 * Each user has data of their own, in the app's query cache where there is one.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`, and for a client it does not know
 */
export function useAuthedQuery<Data, Selected = Data>(options: UseAuthedQueryOptions<Data, Selected>): UseQueryResult<Selected> {
  const { client: name, enabled = true, ...query } = options
  const client = useClient<unknown>(name)
  // Renders when the user changes: the query's key is then another one.
  const isSignedIn = useSessionState(client, subjectOf) !== undefined
  return useQuery({ ...authedQueryOptions(client, query), enabled: enabled && isSignedIn }, useQueryCache())
}
