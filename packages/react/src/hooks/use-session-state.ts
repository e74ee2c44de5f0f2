'use client'
import type { NotSignedInState, OAuthClient, SessionState } from '@latchkey/core'
import { useSyncExternalStore } from 'react'

/** The state that a server renders, and the browser once while it hydrates. Recognized by identity. */
export const SERVER_STATE: NotSignedInState = { status: 'restoring', activity: 'idle', error: undefined }

type Subscribe = (listener: () => void) => () => void

const allSubscribes = new WeakMap<object, Subscribe>()

/** The same function for all components and renders, so that React does not subscribe again. */
export function subscribeTo(client: Pick<OAuthClient<unknown>, 'subscribe'>): Subscribe {
  const subscribe = allSubscribes.get(client) ?? createSubscribe(client)
  allSubscribes.set(client, subscribe)
  return subscribe
}

/** Subscribes to the client once for all components. */
function createSubscribe(client: Pick<OAuthClient<unknown>, 'subscribe'>): Subscribe {
  const listeners = new Set<() => void>()
  let unsubscribe: (() => void) | undefined
  return (listener) => {
    listeners.add(listener)
    unsubscribe ??= client.subscribe(() => {
      for (const each of listeners) each()
    })
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      unsubscribe?.()
      unsubscribe = undefined
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
