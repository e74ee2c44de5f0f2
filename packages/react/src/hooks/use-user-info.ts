'use client'
import { refuseSimilarOptions, type OAuthClientError, type OptionNames, type UserClaims } from '@latchkey/core'
import { useQuery, type QueryKey, type UseQueryOptions, type UseQueryResult } from '@tanstack/react-query'
import { IS_DEVELOPMENT } from '../provider/is-development.js'
import { useClient } from '../provider/oauth-context.js'
import { subjectQueryKey } from '../provider/query-cache.js'
import type { ClientName } from '../provider/register.js'
import { subjectOf } from '../provider/subject.js'
import { retry, retryDelay } from './query-retry.js'
import { useQueryCache } from './use-query-cache.js'
import { useSessionState } from './use-session-state.js'

/** TanStack Query's options that an app may set. */
type QueryOptions<Selected> = Omit<UseQueryOptions<UserClaims, OAuthClientError, Selected>, 'queryKey' | 'queryFn' | 'enabled'>

/** Configures `useUserInfo`: TanStack Query's options, for example `select`, and the client. */
export interface UseUserInfoOptions<Selected = UserClaims> extends QueryOptions<Selected> {
  /** Name of one of the provider's clients. Default: the first. */
  readonly client?: ClientName | undefined
  /** Default: true. Nothing is fetched while no user is signed in. */
  readonly enabled?: boolean | undefined
}

/** All others are TanStack Query's. */
const OPTIONS: OptionNames<Pick<UseUserInfoOptions, 'client' | 'enabled'>> = { client: 'string', enabled: 'boolean' }

const STALE_AFTER_MS = 5 * 60_000

/**
 * Queries the UserInfo endpoint and checks the `sub` of its response against the ID token. If the server has no such endpoint, the
 * data is the ID token's claims. The query lives in the app's cache if it has one, is fresh for five minutes, retries only errors
 * that are retryable, and is dropped when the user signs out.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client
 * @see OpenID Connect Core 1.0, section 5.3
 */
export function useUserInfo<Selected = UserClaims>(
  options: UseUserInfoOptions<Selected> = {},
): UseQueryResult<Selected, OAuthClientError> {
  if (IS_DEVELOPMENT) refuseSimilarOptions('useUserInfo()', options, OPTIONS)
  const { client: name, enabled = true, ...queryOptions } = { ...options }
  const client = useClient<unknown>(name)
  const subject = useSessionState(client, subjectOf)
  return useQuery(
    {
      staleTime: STALE_AFTER_MS,
      retry,
      retryDelay,
      ...queryOptions,
      queryKey: [...subjectQueryKey(client, subject), 'userinfo'] as QueryKey,
      // The signal is not used: StrictMode's unmount would cancel the request and send it again.
      queryFn: () => client.userInfo(),
      enabled: enabled && subject !== undefined,
    },
    useQueryCache(),
  )
}
