'use client'
import { QueryClient, QueryClientContext } from '@tanstack/react-query'
import { useContext, useEffect } from 'react'
import { useOAuthContext, type OAuthContextValue } from '../provider/oauth-context.js'

const ownCaches = new WeakMap<OAuthContextValue, QueryClient>()

/** @returns the query cache of the nearest `QueryClientProvider`, else the OAuth provider's `queryClient`, else one created for this provider */
export function useQueryCache(): QueryClient {
  const context = useOAuthContext()
  const above = useContext(QueryClientContext)
  const queryClient = above ?? context.queryClient ?? ownCache(context)
  useEffect(() => {
    // The provider drops the previous user's data from every cache in this set.
    context.queryCaches.add(queryClient)
    if (above) return undefined
    // QueryClientProvider does the same: refetch on focus and on reconnect. Mounts are counted, so it may be called often.
    queryClient.mount()
    return () => queryClient.unmount()
  }, [above, context, queryClient])
  return queryClient
}

/** Creates the cache when the first hook needs it, so that an app without queries loads none. */
function ownCache(context: OAuthContextValue): QueryClient {
  const own = ownCaches.get(context) ?? new QueryClient()
  ownCaches.set(context, own)
  return own
}
