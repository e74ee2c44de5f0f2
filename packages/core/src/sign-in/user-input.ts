/** As long as a browser treats a click as the cause of what a page does. */
const RECENT_MS = 5000

/** The time of the last input in each page, in milliseconds since the epoch. */
const lastInput = new WeakMap<Window, number>()

/** Notes when the user clicks, taps or types in the page. One listener a page is enough for all clients. */
export function watchInput(page: Window, now: () => number): void {
  if (lastInput.has(page)) return
  const note = ({ isTrusted }: Event): unknown => isTrusted && lastInput.set(page, now())
  lastInput.set(page, -Infinity)
  for (const type of ['pointerdown', 'keydown', 'click']) page.addEventListener(type, note, { capture: true, passive: true })
}

/**
 * Whether the user has just clicked, tapped or typed in the page. `navigator.userActivation` does not prove it: test drivers set it for
 * every script that they run.
 */
export function hasRecentInput(page: Window, now: () => number): boolean {
  return Math.abs(now() - (lastInput.get(page) ?? -Infinity)) < RECENT_MS
}
