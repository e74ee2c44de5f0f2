'use client'
import { ConfigurationError, type OAuthClient, type SessionState } from '@latchkey/core'
import { useClient } from '../provider/oauth-context.js'
import type { ClaimsFor, ClientName } from '../provider/register.js'
import { useSessionState } from './use-session-state.js'

const pendingRestores = new WeakMap<OAuthClient<unknown>, Promise<void>>()

/**
 * Returns the user's claims, or undefined if no user is signed in. Suspends while the session is being restored.
 *
 * A server does not know the session. There the hook throws, so that React sends the fallback of the nearest Suspense boundary and
 * the browser renders the component.
 *
 * @param name of one of the provider's clients. Default: the first
 * @throws ConfigurationError outside `<OAuthProvider>`, for an unknown client, and on a server
 */
export function useSuspenseUser<Claims = never, Name extends ClientName = ClientName>(
  name?: Name,
): ClaimsFor<Claims, Name> | undefined {
  const client = useClient<ClaimsFor<Claims, Name>>(name)
  const state = useSessionState(client, (whole) => whole, isSameUser)
  if (state.status !== 'restoring') return state.claims
  if (typeof document !== 'undefined') throw untilRestored(client)
  const error = new ConfigurationError('unsupported', 'useSuspenseUser does not know the session on a server.', {
    hint: 'Put the component into a <Suspense>: its fallback is sent, and the browser renders the component.',
  })
  // Next.js lets an error with this digest pass: no failed build, no entry in the log, and no error in the browser.
  throw Object.assign(error, { digest: 'BAILOUT_TO_CLIENT_SIDE_RENDERING' })
}

function isSameUser(rendered: SessionState<unknown>, next: SessionState<unknown>): boolean {
  return rendered.status === next.status && rendered.claims === next.claims
}

/** React 18 and 19 both wait for a thrown promise. */
function untilRestored(client: OAuthClient<unknown>): Promise<void> {
  const pending = pendingRestores.get(client)
  if (pending) return pending
  const promise = new Promise<void>((resolve) => {
    const unsubscribe = client.subscribe(() => {
      if (client.getSnapshot().status === 'restoring') return
      unsubscribe()
      pendingRestores.delete(client)
      resolve()
    })
  })
  pendingRestores.set(client, promise)
  return promise
}
