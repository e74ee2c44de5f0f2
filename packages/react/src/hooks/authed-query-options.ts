import { refuseSimilarOptions, type OAuthClient, type OptionNames } from '@latchkey/core'
import type { QueryFunctionContext, QueryKey, UseQueryOptions } from '@tanstack/react-query'
import { IS_DEVELOPMENT } from '../provider/is-development.js'
import { isClient, refuseArguments } from '../provider/refuse-arguments.js'
import { subjectQueryKey } from '../provider/query-cache.js'
import { subjectOf } from '../provider/subject.js'
import { retry, retryDelay } from './query-retry.js'
import type { AuthedFetch } from './use-authed-fetch.js'

/** Defines a query to a protected resource: TanStack Query's options, with a `queryFn` that receives the authed fetch first. */
export interface AuthedQuery<Data, Selected = Data> extends Omit<UseQueryOptions<Data, Error, Selected>, 'queryFn' | 'enabled'> {
  /** Fetches the data. The second argument is TanStack Query's context, which includes the `signal`. */
  readonly queryFn: (fetch: AuthedFetch, context: QueryFunctionContext) => Data | Promise<Data>
  /** Resource indicator (RFC 8707) for every request. Default: that of the matching entry in the client’s `resources`. */
  readonly resource?: string | undefined
}

/** All others are TanStack Query's. */
const OPTIONS: OptionNames<Pick<AuthedQuery<unknown>, 'queryKey' | 'queryFn' | 'resource'>> = {
  queryKey: 'list',
  queryFn: 'function',
  resource: 'string',
}

/** Describes what `authedQueryOptions` returns: options for `useQuery`, `ensureQueryData` and `prefetchQuery`. */
export interface AuthedQueryOptions<Data, Selected = Data> extends UseQueryOptions<Data, Error, Selected> {
  /** Starts with the client and the current user. */
  readonly queryKey: QueryKey
  /** Fetches the data with the authed fetch. */
  readonly queryFn: (context: QueryFunctionContext) => Data | Promise<Data>
}

/**
 * Creates the options of a query to a protected resource, for route loaders and prefetching; `useAuthedQuery` does the same in
 * components. The query key is prefixed with the client and its current user. Only retryable errors are retried, three times at most.
 *
 * @see RFC 6750, section 2.1
 */
export function authedQueryOptions<Data, Selected = Data>(
  client: OAuthClient<unknown>,
  query: AuthedQuery<Data, Selected>,
): AuthedQueryOptions<Data, Selected> {
  if (IS_DEVELOPMENT) checkQuery(query)
  const isRight = isClient(client) && typeof query?.queryFn === 'function' && Array.isArray(query.queryKey)
  refuseArguments('authedQueryOptions()', isRight)
  const { queryKey, queryFn, resource, ...options } = query
  const fetch: AuthedFetch = (input, init) => client.fetch(input, resource === undefined ? init : { resource, ...init })
  return {
    retry,
    retryDelay,
    ...options,
    queryKey: [...subjectQueryKey(client, subjectOf(client.getSnapshot())), ...queryKey],
    queryFn: (context) => queryFn(fetch, context),
  }
}

/** `queryKeyHashFn` is similar to `queryKey`, and TanStack Query's own. */
function checkQuery(query: object): void {
  const { queryKey = 0, queryFn = 0, queryKeyHashFn: _theirs, ...options } = (query ?? {}) as Readonly<Record<string, unknown>>
  refuseSimilarOptions('authedQueryOptions()', query ? { ...options, queryKey, queryFn } : null, OPTIONS)
}
