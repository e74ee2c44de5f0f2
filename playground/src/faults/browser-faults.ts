import type { Fault } from './fault.js'

/** Properties of the device and the browser that the client copes with. */
export const browserFaults = [
  {
    id: 'clock',
    label: 'Device clock two hours slow',
    about: 'The sign-in succeeds all the same.',
    options: () => ({ now: () => Date.now() - 7_200_000 }),
    withoutCheck: 'Every ID token would look as if it came from the future, and users with a wrong clock could not sign in.',
  },
  {
    id: 'coop',
    label: 'Popup that looks closed',
    about: 'The server sends a Cross-Origin-Opener-Policy, so “closed” is true while the popup is open. The sign-in succeeds.',
    options: () => ({ environment: { openWindow: openSeemingClosed } }),
    withoutCheck: 'The app would report a canceled sign-in while the user still types the password.',
  },
] as const satisfies readonly Fault[]

/** Opens a popup whose `closed` is true as soon as it has left the blank page. */
function openSeemingClosed(url: string, target: string, features: string): Window | null {
  const popup = window.open(url, target, features)
  let hasNavigated = false
  const location = {
    replace: (next: string): void => {
      hasNavigated = true
      popup?.location.replace(next)
    },
  }
  return (
    popup &&
    new Proxy(popup, {
      get: (_, member) => {
        if (member === 'location') return location
        if (member === 'closed') return hasNavigated || popup.closed
        const value: unknown = Reflect.get(popup, member)
        return typeof value === 'function' ? (value.bind(popup) as unknown) : value
      },
    })
  )
}
