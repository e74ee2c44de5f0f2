import { useSyncExternalStore } from 'react'

/** At which edge of the window the panel is. */
export type DockSide = 'bottom' | 'right'

/** Where and how large the panel is. */
export interface DockSettings {
  readonly side: DockSide
  /** Pixels, of the height or the width. */
  readonly sizes: Readonly<Record<DockSide, number>>
}

export const MIN_SIZE = 120
/** Share of the window. */
const MAX_SHARE = 0.9
const DEFAULTS: DockSettings = { side: 'bottom', sizes: { bottom: 400, right: 460 } }
const SETTINGS_KEY = 'latchkey/devtools/dock'
const OPEN_KEY = 'latchkey/devtools/open'

/** @returns the largest size of the panel in this window, in pixels */
export function maxSize(side: DockSide): number {
  return Math.max(MIN_SIZE, Math.floor((side === 'bottom' ? window.innerHeight : window.innerWidth) * MAX_SHARE))
}

/** Remembers the place of the panel in this browser. */
export function useDockSettings(): readonly [DockSettings, (change: (settings: DockSettings) => DockSettings) => void] {
  const settings = parse(useStored('localStorage', SETTINGS_KEY), isSettings) ?? DEFAULTS
  return [settings, (change) => write('localStorage', SETTINGS_KEY, change(settings))]
}

/** Remembers in this tab whether the panel is open: a sign-in loads the page anew, and a popup is no place for a panel. */
export function useRememberedOpen(initiallyOpen: boolean): readonly [boolean, (isOpen: boolean) => void] {
  const isOpen = parse(useStored('sessionStorage', OPEN_KEY), isBoolean) ?? initiallyOpen
  return [isOpen, (next) => write('sessionStorage', OPEN_KEY, next)]
}

type Area = 'localStorage' | 'sessionStorage'

const listeners = new Set<() => void>()
/** What could not be stored, because storage is blocked or full: the choice ends with the page. */
const notStored = new Map<string, string>()

/** A server knows neither storage; the browser reads it after it has hydrated the page. */
function useStored(area: Area, key: string): string | undefined {
  return useSyncExternalStore(
    subscribe,
    () => read(area, key),
    () => undefined,
  )
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function read(area: Area, key: string): string | undefined {
  try {
    return notStored.get(key) ?? window[area].getItem(key) ?? undefined
  } catch {
    return undefined
  }
}

function write(area: Area, key: string, value: unknown): void {
  const text = JSON.stringify(value)
  try {
    window[area].setItem(key, text)
    notStored.delete(key)
  } catch {
    notStored.set(key, text)
  }
  for (const listener of listeners) listener()
}

/** @returns undefined for anything else that is stored under the key */
function parse<Value>(text: string | undefined, isValid: (value: unknown) => value is Value): Value | undefined {
  try {
    const value: unknown = JSON.parse(text ?? 'null')
    return isValid(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean'
}

function isSettings(value: unknown): value is DockSettings {
  const { side, sizes } = Object(value) as Partial<DockSettings>
  return (side === 'bottom' || side === 'right') && Number.isFinite(sizes?.bottom) && Number.isFinite(sizes?.right)
}
