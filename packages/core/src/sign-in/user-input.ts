/** As long as a browser treats a click as the cause of what a page does. */
const RECENT_MS = 5000

/** The events by which a user starts a sign-in. Others that browsers trust can be caused by a script, such as `submit`. */
const INPUT_EVENTS: readonly string[] = ['pointerdown', 'keydown', 'click']

const isInput = ({ isTrusted, type }: Event): boolean => isTrusted && INPUT_EVENTS.includes(type)

/** The time of the last input in each page, in milliseconds since the epoch. */
const lastInput = new WeakMap<Window, number>()

/** Notes when the user clicks, taps or types in the page. One listener a page is enough for all clients. */
export function watchInput(page: Window, now: () => number): void {
  if (lastInput.has(page)) return
  const note = (event: Event): unknown => isInput(event) && lastInput.set(page, now())
  lastInput.set(page, -Infinity)
  for (const type of INPUT_EVENTS) page.addEventListener(type, note, { capture: true, passive: true })
}

/**
 * Whether the user had just clicked, tapped or typed in the page when a sign-in was requested.
 *
 * @param event what the page handled then: before this code is loaded, no listener notes the input. Afterwards, no time passes between the
 *   request and this call
 */
export function hasRecentInput(page: Window, now: () => number, event: Event | undefined): boolean {
  return (event && isInput(event)) || Math.abs(now() - (lastInput.get(page) ?? -Infinity)) < RECENT_MS || isActive(page)
}

/**
 * Whether the page is active by an input that no listener has noted, because this code was not loaded yet: its handler waited before it
 * requested the sign-in. User activation alone is no proof: test drivers set it for each script that they run. So the page must have had an
 * input, too.
 *
 * @see Event Timing API, section 3.3 (`eventCounts`: trusted events only)
 */
function isActive({ navigator, performance }: Window): boolean {
  const { userActivation } = navigator as Partial<Navigator>
  const { eventCounts } = (performance ?? {}) as Partial<Performance>
  return !!userActivation?.isActive && INPUT_EVENTS.some((type) => !!eventCounts?.get(type))
}
