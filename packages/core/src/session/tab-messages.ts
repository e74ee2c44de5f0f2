import type { Channel } from '../platform/environment.js'

/**
 * The stored session is another one now, or was cleared; or the user signs out, which ends sign-ins in flight. `stale:` and a revision: the
 * stored record with this revision must not be used, because a tab that cannot write has spent its refresh token.
 */
export type TabMessage = 'session-changed' | 'session-cleared' | 'logout' | `stale:${string}`

/** The channel on which the tabs of one client notify each other. No token is in a message. */
export interface TabChannel {
  /** Notifies the other tabs. */
  send(message: TabMessage): void
  close(): void
}

/** @param channel undefined if the runtime has none: then nothing is sent or received */
export function createTabChannel(channel: Channel | undefined, onMessage: (message: TabMessage) => void): TabChannel {
  channel?.addEventListener('message', ({ data }) => {
    // The record in storage decides what a message has changed, also for one of another release.
    onMessage(data as TabMessage)
  })
  return {
    send: (message) => channel?.postMessage(message),
    close: () => channel?.close(),
  }
}
