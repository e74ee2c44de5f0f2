import { writeJson, readJson } from '../stored-json.js'
import { isLogEntry, type LogEntry } from './log-entry.js'

const storageKey = 'latchkey-playground:network-log'
const maxEntries = 100

let entries: readonly LogEntry[] | undefined
const listeners = new Set<() => void>()

/**
 * Returns the messages of this tab, oldest first. They are stored in `sessionStorage`, masked, so that the log survives a
 * redirect.
 */
export function logEntries(): readonly LogEntry[] {
  entries ??= readJson(sessionStorage, storageKey, isEntryList)?.slice(-maxEntries) ?? []
  return entries
}

export function subscribeToLog(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

let currentRun: Pick<LogEntry, 'run' | 'runTitle'> = {}

/**
 * Starts a run of an experiment: the messages of its clients belong to the run until the next one starts.
 *
 * @returns the number of the run
 */
export function startRun(runTitle: string): number {
  const run = Math.max(currentRun.run ?? 0, ...logEntries().map((entry) => entry.run ?? 0)) + 1
  currentRun = { run, runTitle }
  return run
}

/** @returns the id for {@link completeEntry} */
export function addEntry(entry: Omit<LogEntry, 'id' | 'at'>): number {
  const id = (logEntries().at(-1)?.id ?? 0) + 1
  const run = entry.source === 'experiment' ? currentRun : {}
  write([...logEntries(), { ...run, ...entry, id, at: Date.now() }].slice(-maxEntries))
  return id
}

/** Adds the response to the entry of a request. */
export function completeEntry(id: number, response: Partial<LogEntry>): void {
  write(logEntries().map((entry) => (entry.id === id ? { ...entry, ...response } : entry)))
}

export function clearLog(): void {
  write([])
}

function write(next: readonly LogEntry[]): void {
  entries = next
  writeJson(sessionStorage, storageKey, next)
  for (const listener of [...listeners]) listener()
}

function isEntryList(value: unknown): value is readonly LogEntry[] {
  return Array.isArray(value) && value.every(isLogEntry)
}
