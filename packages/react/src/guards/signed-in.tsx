'use client'
import type { ReactNode } from 'react'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { useSessionState } from '../hooks/use-session-state.js'

export interface SessionGateProps {
  /** Name of one of the provider's clients; default: the first. */
  readonly client?: ClientName
  readonly children?: ReactNode
}

/** Shows its children while somebody is signed in. */
export function SignedIn(props: SessionGateProps): ReactNode {
  return useStatus(props.client) === 'signed-in' ? props.children : null
}

/** Shows its children when nobody is signed in; nothing while that is not known yet. */
export function SignedOut(props: SessionGateProps): ReactNode {
  return useStatus(props.client) === 'signed-out' ? props.children : null
}

function useStatus(name: ClientName | undefined) {
  return useSessionState(useClient(name), ({ status }) => status)
}
