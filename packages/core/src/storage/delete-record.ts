import type { RecordStoreParts } from './record-store.js'
import { within } from './within.js'

const DELETION_MS = 1000

/**
 * Deletes a record in a storage that has failed before: a deletion needs no space. What was deleted in memory must not come back in
 * another tab, or after a reload.
 */
export async function deleteRecord({ storage }: RecordStoreParts, key: string): Promise<void> {
  await within(
    DELETION_MS,
    storage.primary.update(key, () => undefined),
  ).catch(() => undefined)
}
