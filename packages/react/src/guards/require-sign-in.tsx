'use client'
import { refuseUnknownOptions, type LoginOptions, type OAuthClient, type OptionNames } from '@latchkey/core'
import { useEffect, useRef, type ReactNode } from 'react'
import { useOAuth, type NotSignedInOAuthResult } from '../hooks/use-oauth.js'
import { IS_DEVELOPMENT } from '../provider/is-development.js'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'

/** Configures `<RequireSignIn>`. */
export interface RequireSignInProps {
  /** Name of one of the provider's clients. Default: the first. */
  readonly client?: ClientName | undefined
  /**
   * Shown while no user is signed in: while the session is restored, until the browser has navigated away, and after a failed
   * sign-in. A function receives `error` and `login`.
   */
  readonly fallback?: ReactNode | ((auth: NotSignedInOAuthResult) => ReactNode)
  /** Options for the authorization request. A popup needs a click, so a client with the transport `popup` uses a redirect here. */
  readonly loginOptions?: LoginOptions | undefined
  /** Rendered while a user is signed in. */
  readonly children?: ReactNode
}

const PROPS: OptionNames<RequireSignInProps> = { client: 'string', fallback: true, loginOptions: 'object', children: true }

/**
 * Renders its children when signed in; otherwise starts a sign-in and returns to this page. It starts at most one authorization
 * request while it is mounted, none after a failure (the fallback shows the error and the user may try again), and none for a user
 * who has just signed out.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client
 */
export function RequireSignIn(props: RequireSignInProps): ReactNode {
  if (IS_DEVELOPMENT) refuseUnknownOptions('<RequireSignIn>', props, PROPS)
  const { client: name, fallback, loginOptions, children } = props
  const client = useClient(name)
  const auth = useOAuth(name)
  useSignIn(client, loginOptions)
  if (auth.isSignedIn) return children
  // Reading them subscribes to them, so that the effect runs again when one changes.
  void [auth.status, auth.activity, auth.error]
  return typeof fallback === 'function' ? fallback(auth) : fallback
}

function useSignIn(client: OAuthClient<unknown>, loginOptions: LoginOptions | undefined): void {
  const wasSignedIn = useRef(false)
  const hasStarted = useRef(false)
  useEffect(() => {
    // The current state, not the rendered one: another guard on this page may have started a sign-in since.
    const { status, activity, error } = client.getSnapshot()
    if (status === 'signed-in') wasSignedIn.current = true
    if (status !== 'signed-out' || activity !== 'idle' || hasStarted.current) return
    // `token_invalid` means that the server ended the session. That is not a failed sign-in.
    const maySignIn = error ? error.code === 'token_invalid' : !wasSignedIn.current
    if (!maySignIn) return
    hasStarted.current = true
    void client.login(client.options.transport === 'popup' ? { transport: 'redirect', ...loginOptions } : loginOptions)
  })
}
