'use client'
import { refuseSimilarOptions, type OptionNames } from '@latchkey/core'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { IS_DEVELOPMENT } from '../provider/is-development.js'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { subjectOf } from '../provider/subject.js'
import { authedQueryOptions, type AuthedQuery } from './authed-query-options.js'
import { useQueryCache } from './use-query-cache.js'
import { useSessionState } from './use-session-state.js'

/** Configures `useAuthedQuery`. */
export interface UseAuthedQueryOptions<Data, Selected = Data> extends AuthedQuery<Data, Selected> {
  /** Name of one of the provider's clients. Default: the first. */
  readonly client?: ClientName | undefined
  /** Default: true. Nothing is fetched while no user is signed in. */
  readonly enabled?: boolean | undefined
}

/** Besides those of `authedQueryOptions`. */
const OPTIONS: OptionNames<Pick<UseAuthedQueryOptions<unknown>, 'client' | 'enabled'>> = { client: 'string', enabled: 'boolean' }

/**
 * Queries a protected resource with TanStack Query. Data is cached per user, in the app's query cache if it has one.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client
 * @see RFC 6750, section 2.1
 * @example
 * const me = useAuthedQuery({ queryKey: ['me'], queryFn: async (fetch) => (await fetch('/api/me')).json() })
 */
export function useAuthedQuery<Data, Selected = Data>(options: UseAuthedQueryOptions<Data, Selected>): UseQueryResult<Selected> {
  if (IS_DEVELOPMENT) refuseSimilarOptions('useAuthedQuery()', options ?? null, OPTIONS)
  const { client: name, enabled = true, ...query } = { ...options }
  const client = useClient<unknown>(name)
  // Subscribing to the user re-renders the component with the next user's query key.
  const isSignedIn = useSessionState(client, subjectOf) !== undefined
  return useQuery({ ...authedQueryOptions(client, query), enabled: enabled && isSignedIn }, useQueryCache())
}
