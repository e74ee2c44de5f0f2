import type { OAuthClient } from '@latchkey/core'
import type { QueryFunctionContext, QueryKey, UseQueryOptions } from '@tanstack/react-query'
import { subjectQueryKey } from '../provider/query-cache.js'
import { retry, retryDelay } from './query-retry.js'
import { subjectOf } from '../provider/subject.js'
import type { AuthedFetch } from './use-authed-fetch.js'

/** TanStack Query's own options; `queryFn` gets the authed fetch first, then what TanStack Query hands it. */
export interface AuthedQuery<Data, Selected = Data> extends Omit<UseQueryOptions<Data, Error, Selected>, 'queryFn' | 'enabled'> {
  readonly queryFn: (fetch: AuthedFetch, context: QueryFunctionContext) => Data | Promise<Data>
  /** Resource indicator (RFC 8707) for every request, where the URL does not tell. */
  readonly resource?: string | undefined
}

/** The options for `useQuery`, `ensureQueryData` and the like. */
export interface AuthedQueryOptions<Data, Selected = Data> extends UseQueryOptions<Data, Error, Selected> {
  readonly queryKey: QueryKey
  readonly queryFn: (context: QueryFunctionContext) => Data | Promise<Data>
}

/**
 * A query to a protected resource, for route loaders and prefetching; in components `useAuthedQuery` does the same. The key is
 * preceded by the client and its present user, and a failure is tried again only when its error says that this may help.
 *
 * @see RFC 6750, section 2.1
 */
export function authedQueryOptions<Data, Selected = Data>(
  client: OAuthClient<unknown>,
  { queryKey, queryFn, resource, ...options }: AuthedQuery<Data, Selected>,
): AuthedQueryOptions<Data, Selected> {
  const fetch: AuthedFetch = (input, init) => client.fetch(input, resource === undefined ? init : { resource, ...init })
  return {
    retry,
    retryDelay,
    ...options,
    queryKey: [...subjectQueryKey(client, subjectOf(client.getSnapshot())), ...queryKey],
    queryFn: (context) => queryFn(fetch, context),
  }
}
