import { RECORD_VERSION } from './record-version.js'
import type { StoredRecord } from './record-store.js'

// Separate from `record-store.ts`, because a warm start needs none of it.

/** Whether a stored value has the form of a record of any release. */
export function isStoredRecord(stored: unknown): stored is StoredRecord {
  return typeof stored === 'object' && stored !== null && 'version' in stored && 'revision' in stored
}

/** @returns undefined for a value that is not a record */
export function revisionOf(stored: unknown): string | undefined {
  return isStoredRecord(stored) ? stored.revision : undefined
}

/** Whether a record was written by a newer release. */
export function isNewer({ version }: StoredRecord): boolean {
  return version > RECORD_VERSION
}
