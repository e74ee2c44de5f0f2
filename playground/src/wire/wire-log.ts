import { keep, readKept } from './kept-json.js'
import type { WireEntry } from './wire-entry.js'

const storageKey = 'latchkey-playground:wire'
const keptEntries = 100

let entries: readonly WireEntry[] | undefined
const listeners = new Set<() => void>()

/**
 * The messages of this tab, oldest first. Kept in `sessionStorage`, so that a flow that leaves the page can be read whole when it
 * is back; what is kept is masked already.
 */
export function wireEntries(): readonly WireEntry[] {
  entries ??= readKept(sessionStorage, storageKey, isEntryList) ?? []
  return entries
}

export function subscribeToWire(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** @returns the id under which {@link completeWireEntry} finds it */
export function addWireEntry(entry: Omit<WireEntry, 'id' | 'at'>): number {
  const id = (wireEntries().at(-1)?.id ?? 0) + 1
  write([...wireEntries(), { ...entry, id, at: Date.now() }].slice(-keptEntries))
  return id
}

/** Adds what only the answer told. */
export function completeWireEntry(id: number, answer: Partial<WireEntry>): void {
  write(wireEntries().map((entry) => (entry.id === id ? { ...entry, ...answer } : entry)))
}

export function clearWire(): void {
  write([])
}

function write(next: readonly WireEntry[]): void {
  entries = next
  keep(sessionStorage, storageKey, next)
  for (const listener of [...listeners]) listener()
}

function isEntryList(value: unknown): value is readonly WireEntry[] {
  return (
    Array.isArray(value) &&
    value.every((entry) => typeof entry === 'object' && entry !== null && 'role' in entry && 'sent' in entry)
  )
}
