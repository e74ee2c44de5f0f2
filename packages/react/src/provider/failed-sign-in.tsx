'use client'
import type { LoginOptions, LoginResult, OAuthClient, OAuthClientError, SessionActivity } from '@latchkey/core'
import { useLayoutEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import { useClient } from './oauth-context.js'

/** What the provider's `error` element is rendered from. */
export interface SignInFailure {
  /** What the client is doing, for example the next attempt. */
  readonly activity: SessionActivity
  /** Signs in. For a popup, call it inside the click handler. */
  readonly login: (options?: LoginOptions) => Promise<LoginResult | undefined>
  /** The client whose sign-in has failed. */
  readonly client: OAuthClient
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
  const client = useClient(name)
  const state = useSyncExternalStore(
    (listener) => client.subscribe(listener),
    () => client.getSnapshot(),
  )
  const [first] = useState(state.error)
  const error = state.error ?? first
  const isOver = state.status === 'signed-in'
  useLayoutEffect(() => {
    if (isOver) onOver()
  })
  if (isOver || !error) return null
  if (typeof element !== 'function') return element
  const login = (options?: LoginOptions) => client.login(options)
  return element({ error, name, client, activity: state.activity, login, dismiss: onOver })
}
