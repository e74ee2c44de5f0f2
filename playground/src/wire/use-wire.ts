import { useSyncExternalStore } from 'react'
import type { WireEntry } from './wire-entry.js'
import { subscribeToWire, wireEntries } from './wire-log.js'

/** The wire log, oldest message first; renders when a message is added or answered. */
export function useWire(): readonly WireEntry[] {
  return useSyncExternalStore(subscribeToWire, wireEntries)
}
