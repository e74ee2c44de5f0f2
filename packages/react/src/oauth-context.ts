'use client'
import { ConfigurationError, type OAuthClient } from '@latchkey/core'
import type { QueryClient } from '@tanstack/react-query'
import { createContext, useContext, type Context } from 'react'
import type { RegisteredClaims } from './register.js'

export interface OAuthContextValue {
  /** In the order they were given; the first is meant where a hook names none. */
  readonly clients: Readonly<Record<string, OAuthClient<unknown>>>
  /** The provider's `queryClient`. */
  readonly queryClient: QueryClient | undefined
  /** Every query cache in use that may hold what one user may see and another may not. */
  readonly queryCaches: Set<QueryClient>
}

export const OAuthContext: Context<OAuthContextValue | undefined> = createContext<OAuthContextValue | undefined>(undefined)

/** @throws ConfigurationError outside the provider */
export function useOAuthContext(): OAuthContextValue {
  const value = useContext(OAuthContext)
  if (!value) {
    throw new ConfigurationError('configuration', 'a Latchkey hook or component is used outside <OAuthProvider>', {
      hint: 'Render <OAuthProvider issuer="…" clientId="…"> around the component that uses it.',
    })
  }
  return value
}

/**
 * @param name of one of the provider's clients; default: the first
 * @throws ConfigurationError outside the provider, and for a name it does not know
 */
export function useClient<Claims = RegisteredClaims>(name?: string): OAuthClient<Claims> {
  const { clients } = useOAuthContext()
  const names = Object.keys(clients)
  const client = clients[name ?? names[0] ?? '']
  if (!client) {
    throw new ConfigurationError('configuration', `<OAuthProvider> has no client "${name}"; it has: ${names.join(', ')}`, {
      hint: 'Use one of these names, or add the client to the "clients" of <OAuthProvider>.',
    })
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller's word; the client's `claims` schema holds it at run time
  return client as OAuthClient<Claims>
}
