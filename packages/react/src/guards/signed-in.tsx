'use client'
import { refuseUnknownOptions, type OptionNames } from '@latchkey/core'
import type { ReactNode } from 'react'
import { useSessionState } from '../hooks/use-session-state.js'
import { IS_DEVELOPMENT } from '../provider/is-development.js'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'

/** Configures `<SignedIn>` and `<SignedOut>`. */
export interface SessionGateProps {
  /** Name of one of the provider's clients. Default: the first. */
  readonly client?: ClientName | undefined
  /** Rendered in the matching status only. */
  readonly children?: ReactNode
}

const PROPS: OptionNames<SessionGateProps> = { client: 'string', children: true }

/**
 * Renders its children while a user is signed in.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client
 */
export function SignedIn(props: SessionGateProps): ReactNode {
  if (IS_DEVELOPMENT) refuseUnknownOptions('<SignedIn>', props, PROPS)
  return useStatus(props.client) === 'signed-in' ? props.children : null
}

/**
 * Renders its children while no user is signed in, and nothing while the session is being restored.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client
 */
export function SignedOut(props: SessionGateProps): ReactNode {
  if (IS_DEVELOPMENT) refuseUnknownOptions('<SignedOut>', props, PROPS)
  return useStatus(props.client) === 'signed-out' ? props.children : null
}

function useStatus(name: ClientName | undefined) {
  return useSessionState(useClient(name), ({ status }) => status)
}
