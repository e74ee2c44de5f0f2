import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Milliseconds: editors write a file in several steps. */
const DEBOUNCE_MS = 50

/** Calls `onChange` when one of the files has changed. Returns a function that stops watching. */
export function watchFiles(files: readonly string[], onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const schedule = (): void => {
    clearTimeout(timer)
    timer = setTimeout(onChange, DEBOUNCE_MS)
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
