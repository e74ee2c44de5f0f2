/** Calls a function when the browser has nothing else to do. */
export function whenIdle(page: Window & typeof globalThis, work: () => void): void {
  if (typeof page.requestIdleCallback === 'function') page.requestIdleCallback(work, { timeout: 5000 })
  else page.setTimeout(work, 1000)
}
