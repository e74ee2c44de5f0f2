import { attempt } from '../storage/tab-storage.js'
import type { Channel } from '../platform/environment.js'
import type { Session, TabChannel, TabMessage } from '../session/session.js'
import type { RecordStore } from '../storage/record-store.js'
import type { ResilientStorage } from '../storage/resilient-storage.js'
import type { ClientConfig } from './resolve-options.js'

/** What connects a client to the other tabs. */
export interface TabParts {
  readonly config: ClientConfig
  readonly session: Session
  readonly storage: ResilientStorage
  readonly records: RecordStore
}

/** Listens to the other tabs of a client. */
export function openTabChannel({ config, session, storage, records }: TabParts): TabChannel {
  const { environment } = config
  const name = `latchkey/${config.key}/session`
  // A process has no other tabs, unless the app gave it a channel.
  const isShared = environment.window || storage.persistent || config.options.environment?.openChannel
  const channel = isShared ? attempt(() => environment.openChannel?.(name)) : undefined
  // In Node it would keep the process alive.
  ;(channel as { unref?(): void } | undefined)?.unref?.()
  return createTabChannel(channel, (message) => {
    if (message === 'logout') session.logouts += 1
    // Without shared storage, tabs only have a sign-out in common.
    else if (message === `stale:${session.revision}` || (message === 'session-cleared' && !storage.persistent)) {
      void records.take(name, session.revision)
      session.end('other-tab')
    } else if (session.state.status !== 'restoring') {
      session.isBehind = true
      void session.adopt()
    }
  })
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
