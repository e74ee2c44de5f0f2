import type { AtomicStore } from './atomic-store.js'

/** A store that holds a connection or a file. */
export interface ConnectedStore extends AtomicStore {
  /** Closes the connection. The store must not be used afterwards. */
  close(): Promise<void>
}
