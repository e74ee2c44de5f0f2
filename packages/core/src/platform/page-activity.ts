type Page = Window & typeof globalThis

/**
 * `visibility`: the page was shown or hidden; look at `isPageActive`. `online`, `offline`: the network came or went. `restored`: the
 * page came out of the back/forward cache. `shown`: it was loaded.
 */
export type PageChange = 'visibility' | 'online' | 'offline' | 'shown' | 'restored'

/** Calls the listener whenever the page changes in a way that timers and sessions depend on, until the signal aborts. */
export function watchPage(page: Page, listener: (change: PageChange) => unknown, signal: AbortSignal): void {
  page.document.addEventListener('visibilitychange', () => listener('visibility'), { signal })
  page.addEventListener('online', () => listener('online'), { signal })
  page.addEventListener('offline', () => listener('offline'), { signal })
  page.addEventListener('pageshow', (event) => listener(event.persisted ? 'restored' : 'shown'), { signal })
}

/** Whether the page is visible and the device is online. */
export function isPageActive(page: Page): boolean {
  return page.document.visibilityState === 'visible' && page.navigator.onLine
}
