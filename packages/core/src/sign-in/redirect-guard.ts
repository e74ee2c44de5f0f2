import { createError } from '../errors/create-error.js'
import type { InteractionError } from '../errors/errors.js'
import { awaitedRedirectKey } from './awaited-redirect.js'

const WINDOW_MS = 60_000
const MOST = 2

/** What this tab remembers of its redirects, in `sessionStorage`: which one it waits for, and how often it left lately. */
export interface RedirectMemory {
  /** @throws InteractionError redirect_loop: sign-in after sign-in came back without a session */
  leave(state: string): void
  /** An answer with this `state` is to come to this tab, by whatever way; the latest one counts. */
  expect(state: string): void
  /** The tab is back, with or without success. */
  back(): void
  /** There is a session: what went before was no loop. */
  reset(): void
}

/** @param now milliseconds since the epoch */
export function createRedirectMemory(storage: Storage | undefined, clientKey: string, now: () => number): RedirectMemory {
  const pendingKey = awaitedRedirectKey(clientKey)
  const departuresKey = `latchkey/${clientKey}/departures`
  // Storage that throws is storage that is not there: a redirect works without this memory, only its loops go unnoticed.
  const attempt = <T>(work: (storage: Storage) => T): T | undefined => {
    try {
      return storage && work(storage)
    } catch {
      return undefined
    }
  }
  const departures = (): number[] => {
    const stored = attempt((area) => JSON.parse(area.getItem(departuresKey) ?? '[]') as number[]) ?? []
    return stored.filter((at) => now() - at < WINDOW_MS)
  }
  const expect = (state: string): void => {
    attempt((area) => area.setItem(pendingKey, JSON.stringify([state, now()])))
  }
  return {
    leave(state) {
      const recent = departures()
      if (recent.length > MOST) throw redirectLoop(recent.length)
      attempt((area) => area.setItem(departuresKey, JSON.stringify([...recent, now()])))
      expect(state)
    },
    expect,
    back: () => attempt((area) => area.removeItem(pendingKey)),
    reset: () => attempt((area) => area.removeItem(departuresKey)),
  }
}

function redirectLoop(count: number): InteractionError {
  return createError('redirect_loop', `the browser came back from ${count} sign-ins within a minute without a session: stopped`, {
    hint: 'Likely causes: the redirect URI opens a page that starts a sign-in before the answer is handled; storage is blocked so that no transaction survives; or the API refuses every token and the app signs in again. After a minute a sign-in is let through again.',
  })
}
