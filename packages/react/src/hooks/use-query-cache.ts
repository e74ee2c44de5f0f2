'use client'
import { QueryClient, QueryClientContext } from '@tanstack/react-query'
import { useContext, useEffect } from 'react'
import { useOAuthContext, type OAuthContextValue } from '../provider/oauth-context.js'

const ownCaches = new WeakMap<OAuthContextValue, QueryClient>()

/** @returns the app's query cache: the nearest `QueryClientProvider`'s, else the OAuth provider's `queryClient`, else one of our own */
export function useQueryCache(): QueryClient {
  const context = useOAuthContext()
  const above = useContext(QueryClientContext)
  const queryClient = above ?? context.queryClient ?? ownCache(context)
  useEffect(() => {
    // The provider then keeps one user's data from the next in this cache too.
    context.queryCaches.add(queryClient)
    if (above) return undefined
    // What QueryClientProvider does: fetch again on focus and when the network is back. Counted, so it may be called often.
    queryClient.mount()
    return () => queryClient.unmount()
  }, [above, context, queryClient])
  return queryClient
}

/** Made when the first hook needs it: an app without queries loads no query cache. */
function ownCache(context: OAuthContextValue): QueryClient {
  const own = ownCaches.get(context) ?? new QueryClient()
  ownCaches.set(context, own)
  return own
}
