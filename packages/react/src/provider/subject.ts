import type { OAuthClient, SessionState } from '@latchkey/core'

/** @returns whose session it is: the `sub`, empty for a session without an ID token; undefined when nobody is signed in */
export function subjectOf(state: SessionState<unknown>): string | undefined {
  return state.tokenSet && (state.tokenSet.claims?.sub ?? '')
}

/** Calls back, before React renders the new state, when the user has signed out or another one has signed in. */
export function onUserGone(client: OAuthClient<unknown>, listener: () => void): () => void {
  let before: string | undefined
  let subject = subjectOf(client.getSnapshot())
  const stops = [
    client.subscribe(() => {
      before = subject
      subject = subjectOf(client.getSnapshot())
      if (before !== undefined && before !== subject) listener()
    }),
    // Without an ID token both are unknown, and may be two.
    client.on('user-changed', (change) => change.formerSubject === change.subject && listener()),
  ]
  return () => stops.forEach((stop) => stop())
}
