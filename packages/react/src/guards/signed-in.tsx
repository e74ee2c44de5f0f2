'use client'
import type { ReactNode } from 'react'
import { useSessionState } from '../hooks/use-session-state.js'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'

/** Configures `<SignedIn>` and `<SignedOut>`. */
export interface SessionGateProps {
  /** Name of one of the provider's clients. Default: the first. */
  readonly client?: ClientName | undefined
  /** Rendered in the matching status only. */
  readonly children?: ReactNode
}

/**
 * Renders its children while a user is signed in.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client
 */
export function SignedIn(props: SessionGateProps): ReactNode {
  return useStatus(props.client) === 'signed-in' ? props.children : null
}

/**
 * Renders its children while no user is signed in, and nothing while the session is being restored.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client
 */
export function SignedOut(props: SessionGateProps): ReactNode {
  return useStatus(props.client) === 'signed-out' ? props.children : null
}

function useStatus(name: ClientName | undefined) {
  return useSessionState(useClient(name), ({ status }) => status)
}
