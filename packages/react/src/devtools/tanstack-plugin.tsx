'use client'
import { type OAuthClient, refuseUnknownOptions, type OptionNames } from '@latchkey/core'
import { useContext, useMemo, useState, type ReactElement } from 'react'
import { IS_DEVELOPMENT } from '../provider/is-development.js'
import { OAuthContext } from '../provider/oauth-context.js'
import { DevtoolsPanel } from './devtools-panel.js'
import { DEVTOOLS_STYLE } from './devtools-style.js'
import { ClientSelect } from './client-select.js'
import { namedClients } from './devtools-hook.js'
import { clientsOfProvider } from './provider-clients.js'
import { SessionPill } from './session-pill.js'
import { useShownPanel } from './shown-panels.js'
import { useTabPresence } from './tabs-view.js'
import { useFoundClients } from './use-found-clients.js'
import { useAttachedClients } from './use-attached-clients.js'

/** Options of `latchkeyDevtoolsPlugin`. */
export interface LatchkeyDevtoolsPluginOptions {
  /**
   * The clients to show, by name. Default: those of the `<OAuthProvider>` around `<TanStackDevtools>`; outside a provider, those that
   * `latchkey({ devtools: true })` of `@latchkey/vite` has found.
   */
  readonly clients?: Readonly<Record<string, OAuthClient<unknown>>> | undefined
  /** Whether the plugin is selected at first. Default: false. */
  readonly defaultOpen?: boolean | undefined
  /** The nonce of the panel's style element, if the page's Content-Security-Policy requires one. */
  readonly nonce?: string | undefined
}

/** A plugin of `@tanstack/react-devtools`. */
export interface LatchkeyDevtoolsPlugin {
  readonly id: string
  readonly name: string
  readonly defaultOpen: boolean
  /** Renders the panel. */
  readonly render: (element: HTMLElement, props: { readonly theme: 'light' | 'dark' }) => ReactElement
}

const OPTIONS: OptionNames<LatchkeyDevtoolsPluginOptions> = { clients: 'object', defaultOpen: 'boolean', nonce: 'string' }

/**
 * Creates the panel as a plugin of TanStack's devtools, which dock, resize and remember it.
 *
 * @throws ConfigurationError in development, for an unknown option
 * @example
 * import { TanStackDevtools } from '@tanstack/react-devtools'
 * const plugins = [latchkeyDevtoolsPlugin()]
 * const devtools = <TanStackDevtools plugins={plugins} />
 */
export function latchkeyDevtoolsPlugin(options: LatchkeyDevtoolsPluginOptions = {}): LatchkeyDevtoolsPlugin {
  if (IS_DEVELOPMENT) refuseUnknownOptions('latchkeyDevtoolsPlugin()', options, OPTIONS)
  const { clients, defaultOpen = false, nonce } = options
  return {
    id: 'latchkey',
    name: 'Latchkey',
    defaultOpen,
    render: (_, { theme }) => <EmbeddedPanel clients={clients} theme={theme} nonce={nonce} />,
  }
}

interface EmbeddedPanelProps extends Pick<LatchkeyDevtoolsPluginOptions, 'clients' | 'nonce'> {
  readonly theme: 'light' | 'dark'
}

function EmbeddedPanel({ clients, theme, nonce }: EmbeddedPanelProps): ReactElement {
  const provider = useContext(OAuthContext)
  const found = useFoundClients()
  const [selected, select] = useState('')
  const shown = useMemo(
    () => clients ?? (provider ? clientsOfProvider(provider.clients) : namedClients(found)),
    [clients, provider, found],
  )
  useAttachedClients(shown)
  useTabPresence()
  useShownPanel()
  const names = Object.keys(shown)
  const name = names.includes(selected) ? selected : (names[0] ?? '')
  const client = shown[name]
  return (
    <div className="lk-devtools lk-embedded" data-theme={theme}>
      <style nonce={nonce}>{DEVTOOLS_STYLE}</style>
      <div className="lk-bar">
        {client && <SessionPill client={client} />}
        <ClientSelect names={names} selected={name} onSelect={select} />
      </div>
      {client ? (
        <DevtoolsPanel key={name} client={client} />
      ) : (
        <p className="lk-note">No client. Render this inside the OAuthProvider, or pass “clients”.</p>
      )}
    </div>
  )
}
