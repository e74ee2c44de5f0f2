'use client'
import { CLIENT_OPTIONS, refuseUnknownOptions, type ClientOptions, type OAuthClient, type OptionNames } from '@latchkey/core'
import { QueryClientContext, type QueryClient } from '@tanstack/react-query'
import { useContext, useMemo, useState, type ReactElement, type ReactNode } from 'react'
import { CallbackGate, type PhaseElements } from './callback-gate.js'
import { ClientRunner, type ProviderListeners } from './client-runner.js'
import { DEFAULT_CLIENT, reconcileClients, type ClientOrOptions, type ProviderClients } from './clients.js'
import { IS_DEVELOPMENT } from './is-development.js'
import { OAuthContext, type OAuthContextValue } from './oauth-context.js'

/** Props of a provider that do not depend on how its clients are passed. */
export interface CommonProps extends ProviderListeners, PhaseElements {
  /** The app. It does not render while the page handles an authorization response. */
  readonly children?: ReactNode
  /** The app's query cache, for an app without `QueryClientProvider` above this provider. */
  readonly queryClient?: QueryClient | undefined
  /** Clears the app's query cache at sign-out and when another user signs in. Default: true. */
  readonly clearQueryCacheOnUserChange?: boolean | undefined
}

/** One client that the app created. */
interface OneClient {
  /** Created by `createOAuthClient`. The provider starts it; the app closes it. */
  readonly client: OAuthClient<unknown>
  /** Excluded by `client`. */
  readonly clients?: never
}

/** Several clients by name. */
interface SeveralClients {
  /** Excluded by `clients`. */
  readonly client?: never
  /** Clients or client options, by name. Hooks without a name use the first. */
  readonly clients: Readonly<Record<string, ClientOrOptions>>
}

/** The options of one client. */
interface InlineOptions extends ClientOptions<unknown> {
  /** Excluded by the options. */
  readonly client?: never
  /** Excluded by the options. */
  readonly clients?: never
}

/** Configures `<OAuthProvider>`: the options of one client, one `client`, or several `clients` by name. */
export type OAuthProviderProps = CommonProps & (InlineOptions | OneClient | SeveralClients)

/**
 * Provides sessions to the hooks below it.
 *
 * Options are read when a client is created; another `issuer`, `clientId` or `name` creates another client. The provider starts
 * every client, and closes those that it created when it unmounts. Its children do not render while the page's URL is an
 * authorization response; `restoring`, `callback` and `error` are shown instead of them.
 *
 * @throws ConfigurationError (to the nearest error boundary) if the options are invalid
 */
export function OAuthProvider(props: OAuthProviderProps): ReactElement {
  const { restoring, callback, error, ...others } = props
  const { children, queryClient, clearQueryCacheOnUserChange = true, onError, onSignedIn, ...clientProps } = others
  const clients = useProviderClients(clientsByName(clientProps))
  const value = useContextValue(clients, queryClient)
  return (
    <OAuthContext.Provider value={value}>
      {Object.entries(clients).map(([name, entry]) => (
        <ClientRunner
          key={name}
          entry={entry}
          name={name}
          clearsWholeCache={clearQueryCacheOnUserChange}
          onError={onError}
          onSignedIn={onSignedIn}
        />
      ))}
      <CallbackGate clients={clients} restoring={restoring} callback={callback} error={error}>
        {children}
      </CallbackGate>
    </OAuthContext.Provider>
  )
}

function clientsByName({
  client,
  clients,
  ...options
}: InlineOptions | OneClient | SeveralClients): Readonly<Record<string, ClientOrOptions>> {
  const given = client ? { [DEFAULT_CLIENT]: client } : clients
  if (IS_DEVELOPMENT) refuseUnknownOptions('<OAuthProvider>', options, given ? PROPS : { ...CLIENT_OPTIONS, ...PROPS })
  const inline = options as ClientOptions<unknown>
  return given ?? { [inline.name ?? DEFAULT_CLIENT]: inline }
}

/** The props beside `client`, `clients` or the options of one client. */
const PROPS: OptionNames<CommonProps> = {
  children: true,
  restoring: true,
  callback: true,
  error: true,
  queryClient: true,
  clearQueryCacheOnUserChange: true,
  onError: true,
  onSignedIn: true,
}

function useProviderClients(sources: Readonly<Record<string, ClientOrOptions>>): ProviderClients {
  const [current, setCurrent] = useState<ProviderClients>({})
  const clients = reconcileClients(current, sources)
  // React re-renders at once, before the children: https://react.dev/reference/react/useState#storing-information-from-previous-renders
  if (clients !== current) setCurrent(clients)
  return clients
}

function useContextValue(clients: ProviderClients, queryClient: QueryClient | undefined): OAuthContextValue {
  const queryClientAbove = useContext(QueryClientContext)
  return useMemo(() => {
    const known = [queryClientAbove, queryClient].filter((one) => one !== undefined)
    return { clients, queryClient, queryCaches: new Set(known) }
  }, [clients, queryClient, queryClientAbove])
}
