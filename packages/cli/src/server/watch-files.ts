import { statSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Milliseconds: editors write a file in several steps. */
const DEBOUNCE_MS = 50

/** How often an empty file is looked at again: some editors empty a file before they write it. */
const MAX_LOOKS = 10

/** Calls `onChange` when one of the files has changed. Returns a function that stops watching. */
export function watchFiles(files: readonly string[], onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const schedule = (looks = MAX_LOOKS): void => {
    clearTimeout(timer)
    timer = setTimeout(() => (looks > 0 && files.some(isEmpty) ? schedule(looks - 1) : onChange()), DEBOUNCE_MS)
  }
  // Watch the folder, not the file: many editors replace the file by a new one.
  const watchers = files.map((file) =>
    watch(dirname(file), (_event, name) => {
      if (name === basename(file)) schedule()
    }),
  )
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}

function isEmpty(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.size === 0
}
