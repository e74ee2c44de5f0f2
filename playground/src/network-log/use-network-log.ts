import { useSyncExternalStore } from 'react'
import type { LogEntry } from './log-entry.js'
import { subscribeToLog, logEntries } from './network-log.js'

/** Returns the network log, oldest message first; renders when a message is added or gets its response. */
export function useNetworkLog(): readonly LogEntry[] {
  return useSyncExternalStore(subscribeToLog, logEntries)
}
