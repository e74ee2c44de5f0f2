import type { AtomicStore } from './atomic-store.js'

/** A store that holds a connection or a file. */
export interface ConnectedStore extends AtomicStore {
  /** Lets go of it; nothing may be asked of the store afterwards. */
  close(): Promise<void>
}
