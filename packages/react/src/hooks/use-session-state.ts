'use client'
import type { NotSignedInState, OAuthClient, SessionState } from '@latchkey/core'
import { useSyncExternalStore } from 'react'

/** The state that a server renders, and the browser once while it hydrates. Recognized by identity. */
export const SERVER_STATE: NotSignedInState = { status: 'restoring', activity: 'idle', error: undefined }

/** A subscription as `useSyncExternalStore` expects it. */
export type Subscribe = (listener: () => void) => () => void

type Subscribable = Pick<OAuthClient<unknown>, 'subscribe' | 'getSnapshot'>

const allSubscribes = new WeakMap<object, Subscribe>()

/** The same function for all components and renders, so that React does not subscribe again. */
function subscribeTo(client: Subscribable): Subscribe {
  const subscribe = allSubscribes.get(client) ?? createSubscribe(client, () => true)
  allSubscribes.set(client, subscribe)
  return subscribe
}

/**
 * Subscribes to the client once for all components.
 *
 * @param isOfInterest whether a change is of interest to any of them
 */
export function createSubscribe(
  client: Subscribable,
  isOfInterest: (former: SessionState<unknown>, next: SessionState<unknown>) => boolean,
): Subscribe {
  const listeners = new Set<() => void>()
  let state: SessionState<unknown>
  let unsubscribe: () => void
  const notify = (): void => {
    const former = state
    state = client.getSnapshot()
    if (isOfInterest(former, state)) listeners.forEach((listener) => listener())
  }
  return (listener) => {
    if (listeners.size === 0) {
      state = client.getSnapshot()
      unsubscribe = client.subscribe(notify)
    }
    listeners.add(listener)
    return () => {
      if (listeners.delete(listener) && listeners.size === 0) unsubscribe()
    }
  }
}

/**
 * Subscribes to a part of the session state; every hook but `useOAuth` is built on it. Renders only when that part changes.
 *
 * @param select pure; may be written inline, and may create new objects if `isSame` compares their content
 * @param isSame compares the part that was rendered with the current one
 */
export function useSessionState<Selected, Claims>(
  client: OAuthClient<Claims>,
  select: (state: SessionState<Claims>) => Selected,
  isSame: (rendered: Selected, next: Selected) => boolean = Object.is,
): Selected {
  // Every render compares with its own value. A ref would be wrong after a render that React discards.
  const rendered = select(client.getSnapshot())
  const onServer = select(SERVER_STATE)
  const getSnapshot = (): Selected => {
    const next = select(client.getSnapshot())
    return isSame(rendered, next) ? rendered : next
  }
  return useSyncExternalStore(subscribeTo(client), getSnapshot, () => onServer)
}
