import { VisuallyHidden } from '@mantine/core'
import { useOAuth } from '@latchkey/react'
import type { ReactNode } from 'react'
import { displayName } from './display-name.js'

/** Announces changes of the session to screen readers. */
export function SessionAnnouncer(): ReactNode {
  const { status, activity, claims } = useOAuth()
  const texts = {
    'signing-in': 'Signing in.',
    refreshing: 'Refreshing the token.',
    'signing-out': 'Signing out.',
    idle: status === 'signed-in' ? `Signed in as ${displayName(claims)}.` : status === 'signed-out' ? 'Signed out.' : '',
  }
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {texts[activity]}
    </VisuallyHidden>
  )
}
