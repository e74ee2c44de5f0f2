import type { OAuthClient, SessionState } from '@latchkey/core'
import { useSyncExternalStore } from 'react'

/** Returns the state of a client that no provider has, and renders again when it changes. */
export function useClientState(client: OAuthClient): SessionState {
  return useSyncExternalStore(
    (listener) => client.subscribe(listener),
    () => client.getSnapshot(),
  )
}
