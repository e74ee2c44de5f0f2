'use client'
import { refuseUnknownOptions, type OptionNames } from '@latchkey/core'
import { useMemo, type ReactElement } from 'react'
import { IS_DEVELOPMENT } from '../provider/is-development.js'
import { useOAuthContext } from '../provider/oauth-context.js'
import { DevtoolsDock } from './devtools-dock.js'
import { clientsOfProvider } from './provider-clients.js'
import { useShownPanel } from './shown-panels.js'

/** Configures `<OAuthDevtools>`. */
export interface OAuthDevtoolsProps {
  /** Default: false. What was chosen in this tab before has precedence. */
  readonly initiallyOpen?: boolean | undefined
  /** The nonce of the panel's style elements, if the page's Content-Security-Policy requires one. */
  readonly nonce?: string | undefined
}

const PROPS: OptionNames<OAuthDevtoolsProps> = { initiallyOpen: 'boolean', nonce: 'string' }

/**
 * Renders a panel at an edge of the window, with the provider's sessions, the protocol messages by attempt, each check of the ID token, the
 * tabs, the findings of the doctor, and buttons that simulate failures. Messages and most simulations need options that went through
 * `withDevtools`. In the shell of TanStack, use `latchkeyDevtoolsPlugin` instead.
 *
 * For development: not in a bundle unless `@latchkey/react/devtools` is imported.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`
 */
export function OAuthDevtools(props: OAuthDevtoolsProps): ReactElement {
  if (IS_DEVELOPMENT) refuseUnknownOptions('<OAuthDevtools>', props, PROPS)
  const { initiallyOpen = false, nonce } = props
  const { clients } = useOAuthContext()
  const shown = useMemo(() => clientsOfProvider(clients), [clients])
  useShownPanel()
  return <DevtoolsDock clients={shown} initiallyOpen={initiallyOpen} nonce={nonce} />
}
