import { useLayoutEffect, useSyncExternalStore } from 'react'

/** The names that a part of the page reads from the URL, and those of them whose value it does not know. */
interface Reader {
  readonly names: readonly string[]
  readonly ignored: readonly string[]
}

const readers = new Set<Reader>()
const listeners = new Set<() => void>()
let snapshot: readonly Reader[] = []

/** Notes what a part of the page reads from the URL, so that the page can name the values that have no effect. */
export function useReportParameters(names: string, ignored: string): void {
  // Before the browser paints: the message must not move the page a moment later.
  useLayoutEffect(() => {
    const reader = { names: names.split(' '), ignored: ignored.split(' ') }
    readers.add(reader)
    notify()
    return () => {
      readers.delete(reader)
      notify()
    }
  }, [names, ignored])
}

/** @returns the parameters of the URL that have no effect on this page, as `name=value` */
export function useIgnoredParameters(query: string): readonly string[] {
  const shown = useSyncExternalStore(subscribe, () => snapshot)
  const isIgnored = (name: string): boolean => shown.some(({ ignored }) => ignored.includes(name))
  const isRead = (name: string): boolean => shown.some(({ names }) => names.includes(name))
  return (
    [...new URLSearchParams(query)]
      // Every other name may belong to a part that is not shown yet, or to the reader.
      .filter(([name]) => isIgnored(name) || (name === 'fault' && !isRead(name)))
      .map(([name, value]) => `${name}=${value.slice(0, 100)}`)
  )
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

function notify(): void {
  snapshot = [...readers]
  for (const listener of listeners) listener()
}
