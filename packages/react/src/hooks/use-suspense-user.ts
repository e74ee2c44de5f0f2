'use client'
import { ConfigurationError, type OAuthClient, type SessionState } from '@latchkey/core'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName, RegisteredClaims } from '../provider/register.js'
import { useSessionState } from './use-session-state.js'

const restored = new WeakMap<OAuthClient<unknown>, Promise<void>>()

/**
 * The claims of the user, or undefined when nobody is signed in. Suspends while the session is restored.
 *
 * On a server the session is not known: there it throws, which makes React send the nearest Suspense boundary's fallback and leave
 * the rest to the browser.
 *
 * @param name of one of the provider's clients; default: the first
 * @throws ConfigurationError outside `<OAuthProvider>`, for a name it does not know, and on a server
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller's word, as for useOAuth
export function useSuspenseUser<Claims = RegisteredClaims>(name?: ClientName): Claims | undefined {
  const client = useClient<Claims>(name)
  const state = useSessionState(client, (whole) => whole, isSameUser)
  if (state.status !== 'restoring') return state.claims
  if (typeof document !== 'undefined') throw untilRestored(client)
  throw new ConfigurationError('unsupported', 'useSuspenseUser does not know the session on a server', {
    hint: 'Put the component into a <Suspense>: its fallback is sent, and the browser renders the component.',
  })
}

function isSameUser(rendered: SessionState<unknown>, next: SessionState<unknown>): boolean {
  return rendered.status === next.status && rendered.claims === next.claims
}

/** React waits for a thrown promise in version 18 and 19 alike. */
function untilRestored(client: OAuthClient<unknown>): Promise<void> {
  const known = restored.get(client)
  if (known) return known
  const promise = new Promise<void>((resolve) => {
    const stop = client.subscribe(() => {
      if (client.getSnapshot().status === 'restoring') return
      stop()
      restored.delete(client)
      resolve()
    })
  })
  restored.set(client, promise)
  return promise
}
