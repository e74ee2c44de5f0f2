import { Badge } from '@mantine/core'
import type { ReactNode } from 'react'

/** The status of a session, in the same words on every page. */
export function StatusBadge({ isSignedIn }: { readonly isSignedIn: boolean }): ReactNode {
  return (
    <Badge color={isSignedIn ? 'teal.9' : 'red.9'} tt="none">
      {isSignedIn ? 'signed in' : 'signed out'}
    </Badge>
  )
}
