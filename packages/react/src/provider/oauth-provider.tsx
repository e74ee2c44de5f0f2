'use client'
import type { ClientOptions, OAuthClient, OAuthClientError } from '@latchkey/core'
import { QueryClientContext, type QueryClient } from '@tanstack/react-query'
import { useContext, useMemo, useState, type ReactElement, type ReactNode } from 'react'
import { CallbackGate } from './callback-gate.js'
import { holdClients, ONLY, type GivenClient, type HeldClients } from './clients.js'
import { OAuthContext, type OAuthContextValue } from './oauth-context.js'
import { SessionKeeper } from './client-runner.js'

interface CommonProps {
  readonly children?: ReactNode
  /** Shown while the page handles an authorization response; default: nothing. */
  readonly callback?: ReactNode
  /** The app's query cache, where no `QueryClientProvider` stands above. */
  readonly queryClient?: QueryClient
  /** Empty the app's query cache at sign-out and when another user signs in. Default true. */
  readonly clearQueryCacheOnUserChange?: boolean
  /** @param name of the client that failed */
  readonly onError?: (error: OAuthClientError, name: string) => void
  /**
   * A sign-in ended well in this tab.
   *
   * @param returnTo the path on this origin where the app continues
   * @param name of the client
   */
  readonly onSignedIn?: (returnTo: string, name: string) => void
}

interface OneClient {
  readonly client: OAuthClient<unknown>
  readonly clients?: never
}

interface SeveralClients {
  readonly client?: never
  readonly clients: Readonly<Record<string, GivenClient>>
}

interface InlineOptions extends ClientOptions<unknown> {
  readonly client?: never
  readonly clients?: never
}

export type OAuthProviderProps = CommonProps & (InlineOptions | OneClient | SeveralClients)

/**
 * Makes sessions known to the hooks below: client options inline, a `client` made elsewhere, or several `clients` by name.
 *
 * Options are read when a client is made; another `issuer`, `clientId` or `name` makes another client. The provider starts every
 * client, and closes those it made when it is unmounted. Its children are not rendered while the page's URL is an authorization
 * response.
 *
 * @throws ConfigurationError (into the nearest error boundary) for options that do not make a client
 */
export function OAuthProvider(props: OAuthProviderProps): ReactElement {
  const { children, callback, queryClient, clearQueryCacheOnUserChange = true, onError, onSignedIn, ...given } = props
  const held = useHeldClients(clientsByName(given))
  const value = useContextValue(held, queryClient)
  return (
    <OAuthContext.Provider value={value}>
      {Object.entries(held).map(([name, one]) => (
        <SessionKeeper
          key={name}
          held={one}
          name={name}
          clearsAll={clearQueryCacheOnUserChange}
          onError={onError}
          onSignedIn={onSignedIn}
        />
      ))}
      <CallbackGate held={held} callback={callback}>
        {children}
      </CallbackGate>
    </OAuthContext.Provider>
  )
}

function clientsByName(given: InlineOptions | OneClient | SeveralClients): Readonly<Record<string, GivenClient>> {
  if (given.clients) return given.clients
  return given.client ? { [ONLY]: given.client } : { [given.name ?? ONLY]: given }
}

function useHeldClients(given: Readonly<Record<string, GivenClient>>): HeldClients {
  const [former, setHeld] = useState<HeldClients>({})
  const held = holdClients(former, given)
  // React renders again at once, before children: https://react.dev/reference/react/useState#storing-information-from-previous-renders
  if (held !== former) setHeld(held)
  return held
}

function useContextValue(held: HeldClients, queryClient: QueryClient | undefined): OAuthContextValue {
  const queryClientAbove = useContext(QueryClientContext)
  return useMemo(() => {
    const known = [queryClientAbove, queryClient].filter((one) => one !== undefined)
    return { held, queryClient, queryCaches: new Set(known) }
  }, [held, queryClient, queryClientAbove])
}
