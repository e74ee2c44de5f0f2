import { startTimer } from '../../platform/timer.js'
import type { NavigateRequest } from './transport.js'

/** A page that is still open after this time did not leave: the user stopped the navigation, or the server responded with a download. */
export const LEAVE_TIMEOUT_MS: number = 30_000

/**
 * Navigates this page; the response is in the URL of a new page.
 *
 * @returns undefined if the page stays, or if the browser restores it from the back/forward cache
 */
export function navigateRedirect(page: Window & typeof globalThis, { url }: NavigateRequest): Promise<undefined> {
  return new Promise((resolve) => {
    page.addEventListener('pageshow', (event) => event.persisted && resolve(undefined))
    startTimer(() => resolve(undefined), LEAVE_TIMEOUT_MS)
    page.location.assign(url)
  })
}
