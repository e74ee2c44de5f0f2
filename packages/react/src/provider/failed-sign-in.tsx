'use client'
import type { OAuthClientError } from '@latchkey/core'
import { useLayoutEffect, useState, type ReactNode } from 'react'
import { useOAuth, type NotSignedInOAuthResult } from '../hooks/use-oauth.js'

/** What the provider's `error` element is rendered from. */
export interface SignInFailure extends Pick<NotSignedInOAuthResult, 'activity' | 'login' | 'client'> {
  /** Why the sign-in failed. The failure of the next attempt, too. */
  readonly error: OAuthClientError
  /** Name of the client. */
  readonly name: string
  /** Shows the app, without a user. */
  readonly dismiss: () => void
}

interface FailedSignInProps {
  /** Name of the client. */
  readonly name: string
  readonly element: ReactNode | ((failure: SignInFailure) => ReactNode)
  /** Called when the app is to be shown. */
  readonly onOver: () => void
}

/**
 * Renders the app's `error` element until a user is signed in. It keeps the error while the next attempt is in progress.
 */
export function FailedSignIn({ name, element, onOver }: FailedSignInProps): ReactNode {
  const auth = useOAuth(name)
  const [first] = useState(auth.error)
  const error = auth.error ?? first
  const isOver = auth.isSignedIn
  useLayoutEffect(() => {
    if (isOver) onOver()
  })
  if (isOver || !error) return null
  return typeof element === 'function' ? element({ ...auth, error, name, dismiss: onOver }) : element
}
