'use client'
import type { NotSignedInState, OAuthClient, SessionState } from '@latchkey/core'
import { useCallback, useSyncExternalStore } from 'react'

/** What a server renders, and the browser once more while it hydrates. An object of its own, so that it can be told by identity. */
export const serverState: NotSignedInState = { status: 'restoring', activity: 'idle', error: undefined }

/**
 * The base of every hook: renders when what `select` takes from the session's state is no longer the same, and for nothing else.
 *
 * @param select pure; may be written inline and may make new objects when `isSame` compares their content
 * @param isSame called with what the last render got and what it would get now
 */
export function useSessionState<Selected, Claims>(
  client: OAuthClient<Claims>,
  select: (state: SessionState<Claims>) => Selected,
  isSame: (rendered: Selected, next: Selected) => boolean = Object.is,
): Selected {
  const subscribe = useCallback((listener: () => void) => client.subscribe(listener), [client])
  // Each render compares with what it shows itself: nothing is kept that a render React throws away could have left wrong.
  const rendered = select(client.getSnapshot())
  const onServer = select(serverState)
  const getSnapshot = (): Selected => {
    const next = select(client.getSnapshot())
    return isSame(rendered, next) ? rendered : next
  }
  return useSyncExternalStore(subscribe, getSnapshot, () => onServer)
}
