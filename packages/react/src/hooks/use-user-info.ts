'use client'
import type { OAuthClientError, UserClaims } from '@latchkey/core'
import { useQuery, type QueryKey, type UseQueryOptions, type UseQueryResult } from '@tanstack/react-query'
import { useClient } from '../provider/oauth-context.js'
import { subjectQueryKey } from '../provider/query-cache.js'
import { retry, retryDelay } from './query-retry.js'
import type { ClientName } from '../provider/register.js'
import { subjectOf } from '../provider/subject.js'
import { useQueryCache } from './use-query-cache.js'
import { useSessionState } from './use-session-state.js'

type QueryOptions<Selected> = Omit<UseQueryOptions<UserClaims, OAuthClientError, Selected>, 'queryKey' | 'queryFn' | 'enabled'>

export interface UseUserInfoOptions<Selected = UserClaims> extends QueryOptions<Selected> {
  /** Name of one of the provider's clients; default: the first. */
  readonly client?: ClientName | undefined
  /** Default true; nothing is fetched while nobody is signed in. */
  readonly enabled?: boolean | undefined
}

const STALE_AFTER_MS = 5 * 60_000

/**
 * What the UserInfo endpoint says of the user, its `sub` checked against the ID token; the ID token's claims where there is no such
 * endpoint. A TanStack Query: in the app's own cache where there is one, fresh for five minutes, tried again when the error says
 * that this may help, gone when the user is.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`, and for a client it does not know
 * @see OpenID Connect Core 1.0, section 5.3
 */
export function useUserInfo<Selected = UserClaims>(
  options: UseUserInfoOptions<Selected> = {},
): UseQueryResult<Selected, OAuthClientError> {
  const { client: name, enabled = true, ...queryOptions } = options
  const client = useClient<unknown>(name)
  const subject = useSessionState(client, subjectOf)
  return useQuery(
    {
      staleTime: STALE_AFTER_MS,
      retry,
      retryDelay,
      ...queryOptions,
      queryKey: [...subjectQueryKey(client, subject), 'userinfo'] as QueryKey,
      // Without the signal: a query that looks at it is given up when StrictMode unmounts, and sent once more.
      queryFn: () => client.userInfo(),
      enabled: enabled && subject !== undefined,
    },
    useQueryCache(),
  )
}
