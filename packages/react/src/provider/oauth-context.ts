'use client'
import { ConfigurationError, type OAuthClient } from '@latchkey/core'
import type { QueryClient } from '@tanstack/react-query'
import { createContext, useContext, type Context } from 'react'
import type { HeldClients } from './clients.js'
import type { RegisteredClaims } from './register.js'

export interface OAuthContextValue {
  /** In the order they were given; the first is meant where a hook names none. */
  readonly held: HeldClients
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
    throw new ConfigurationError('configuration', 'a hook of @latchkey/react is used outside <OAuthProvider>', {
      hint: 'Wrap the app in <OAuthProvider issuer="…" clientId="…">.',
    })
  }
  return value
}

/**
 * @param name of one of the provider's clients; default: the first
 * @throws ConfigurationError outside the provider, and for a name it does not know
 */
export function useClient<Claims = RegisteredClaims>(name?: string): OAuthClient<Claims> {
  const { held } = useOAuthContext()
  const names = Object.keys(held)
  const one = held[name ?? names[0] ?? '']
  if (!one) {
    throw new ConfigurationError('configuration', `<OAuthProvider> has no client "${name}"; it has: ${names.join(', ')}`, {
      hint: 'Use one of these, or add it to the "clients" of <OAuthProvider>.',
    })
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller's word; the client's `claims` schema holds it at run time
  return one.client as OAuthClient<Claims>
}
