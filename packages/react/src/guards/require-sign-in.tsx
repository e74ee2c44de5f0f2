'use client'
import type { LoginOptions, OAuthClient } from '@latchkey/core'
import { useEffect, useRef, type ReactNode } from 'react'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { useOAuth, type NotSignedInOAuth } from '../hooks/use-oauth.js'

export interface RequireSignInProps {
  /** Name of one of the provider's clients; default: the first. */
  readonly client?: ClientName
  /** Shown until somebody is signed in: while the browser leaves, and when the sign-in has failed. As a function it gets `error` and `login`. */
  readonly fallback?: ReactNode | ((auth: NotSignedInOAuth) => ReactNode)
  /** For the authorization request. A popup needs a click, so a client whose transport is `popup` leaves by redirect here. */
  readonly loginOptions?: LoginOptions
  readonly children?: ReactNode
}

/**
 * Shows its children to who is signed in, and sends everybody else to sign in and back to this page. It starts at most one
 * authorization request while it is mounted, none after a failure (that is shown by the fallback, and repeated by nobody but the
 * person), and none for somebody who has just signed out.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`, and for a client it does not know
 */
export function RequireSignIn({ client: name, fallback, loginOptions, children }: RequireSignInProps): ReactNode {
  const client = useClient(name)
  const auth = useOAuth(name)
  useSignIn(client, loginOptions)
  if (auth.isSignedIn) return children
  // Read here, so that the effect runs again when one of them changes.
  void [auth.status, auth.activity, auth.error]
  return typeof fallback === 'function' ? fallback(auth) : fallback
}

function useSignIn(client: OAuthClient<unknown>, loginOptions: LoginOptions | undefined): void {
  const wasSignedIn = useRef(false)
  const hasBegun = useRef(false)
  useEffect(() => {
    // The newest state: another guard of this page may have begun a moment ago.
    const { status, activity, error } = client.getSnapshot()
    if (status === 'signed-in') wasSignedIn.current = true
    if (status !== 'signed-out' || activity !== 'idle' || hasBegun.current) return
    // The server's word that the session is over is no failed sign-in.
    const isWelcome = error ? error.code === 'token_invalid' : !wasSignedIn.current
    if (!isWelcome) return
    hasBegun.current = true
    void client.login({ ...(client.options.transport === 'popup' ? { transport: 'redirect' } : {}), ...loginOptions })
  })
}
