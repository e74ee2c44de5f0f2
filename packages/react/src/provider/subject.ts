import type { OAuthClient, SessionState } from '@latchkey/core'

/** @returns the `sub` of the signed-in user, empty for a session without an ID token; undefined if no user is signed in */
export function subjectOf(state: SessionState<unknown>): string | undefined {
  return state.tokenSet && (state.tokenSet.claims?.sub ?? '')
}

/**
 * Calls the listener, before React renders the new state, when the user has signed out or another user has signed in.
 *
 * @returns a function that unsubscribes
 */
export function onUserGone(client: OAuthClient<unknown>, listener: () => void): () => void {
  let previous: string | undefined
  let subject = subjectOf(client.getSnapshot())
  const unsubscribers = [
    client.subscribe(() => {
      previous = subject
      subject = subjectOf(client.getSnapshot())
      if (previous !== undefined && previous !== subject) listener()
    }),
    // Without an ID token both subjects are undefined although the users may differ.
    client.on('user-changed', (change) => change.formerSubject === change.subject && listener()),
  ]
  return () => unsubscribers.forEach((unsubscribe) => unsubscribe())
}
