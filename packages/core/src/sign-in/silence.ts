import type { ClientConfig } from '../client/resolve-options.js'
import { pageStorage } from '../storage/tab-storage.js'

/**
 * Why this tab asks no more without the person: it made a full-page trip that found nobody signed in (a second one would begin a
 * loop), or the person signed out (and would be signed in again at once). Until the next sign-in.
 */
export type Silence = 'redirect' | 'logout'

const keyOf = ({ key }: ClientConfig): string => `latchkey/${key}/silence`

export function silence(config: ClientConfig, why: Silence): void {
  attempt(config, (area) => area.setItem(keyOf(config), why))
}

/** @returns true where nothing can be remembered: better no trip than one trip after another */
export function isSilenced(config: ClientConfig, way: 'iframe' | 'redirect'): boolean {
  const why = attempt(config, (area) => area.getItem(keyOf(config)) ?? 'no')
  return why === 'logout' || (way === 'redirect' && why !== 'no')
}

export function endSilence(config: ClientConfig): void {
  attempt(config, (area) => area.removeItem(keyOf(config)))
}

function attempt<T>({ environment }: ClientConfig, work: (area: Storage) => T): T | undefined {
  const area = pageStorage(environment.window)
  try {
    return area && work(area)
  } catch {
    return undefined
  }
}
