'use client'
import { ConfigurationError, type OAuthClient } from '@latchkey/core'
import type { QueryClient } from '@tanstack/react-query'
import { createContext, useContext, type Context } from 'react'
import type { ProviderClients } from './clients.js'
import { IS_DEVELOPMENT } from './is-development.js'
import type { RegisteredClaims } from './register.js'

/** What `<OAuthProvider>` shares with the hooks. */
export interface OAuthContextValue {
  /** A hook that names no client uses the first. */
  readonly clients: ProviderClients
  /** The provider's `queryClient` prop. */
  readonly queryClient: QueryClient | undefined
  /** Every query cache in use that may contain data of the signed-in user. */
  readonly queryCaches: Set<QueryClient>
}

/** Undefined outside the provider. */
export const OAuthContext: Context<OAuthContextValue | undefined> = createContext<OAuthContextValue | undefined>(undefined)

/** @throws ConfigurationError outside the provider */
export function useOAuthContext(): OAuthContextValue {
  const value = useContext(OAuthContext)
  if (!value) {
    throw new ConfigurationError('configuration', 'A hook of @latchkey/react is used outside <OAuthProvider>.', {
      hint: IS_DEVELOPMENT ? 'Wrap the app in <OAuthProvider issuer="…" clientId="…">.' : undefined,
    })
  }
  return value
}

/**
 * Returns one of the provider's clients.
 *
 * @param name default: the first client
 * @throws ConfigurationError outside the provider, and for an unknown name
 */
export function useClient<Claims = RegisteredClaims>(name?: string): OAuthClient<Claims> {
  const { clients } = useOAuthContext()
  const entry = clients[name ?? firstOf(clients)]
  if (!entry) {
    const names = Object.keys(clients)
    throw new ConfigurationError(
      'configuration',
      `<OAuthProvider> has no client "${String(name)}"; it has: ${names.join(', ')}.`,
      {
        hint: IS_DEVELOPMENT ? hintFor(name) : undefined,
      },
    )
  }
  // The caller states the type of the claims; the client's `claims` schema checks it at run time.
  return entry.client as OAuthClient<Claims>
}

/** Returns the first name. `Object.keys` would create a list of all of them for each hook. */
function firstOf(clients: ProviderClients): string {
  for (const name in clients) return name
  return ''
}

/** @param name of a client that does not exist */
function hintFor(name: unknown): string {
  return typeof name === 'object'
    ? 'A hook that takes the name of a client has no options. Pass them to its function, such as login().'
    : 'Use one of these, or add it to the "clients" of <OAuthProvider>.'
}
