import { openAlteredPopup } from './altered-popup.js'
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
    options: () => ({ environment: { openWindow: openAlteredPopup((url) => url, true) } }),
    withoutCheck: 'The app would report a canceled sign-in while the user still types the password.',
  },
  {
    id: 'blocked',
    label: 'Popup blocked',
    about: 'The browser opens no popup, because it was not opened in a click or because the user blocks them.',
    options: () => ({ environment: { openWindow: () => null } }),
    withoutCheck: 'Nothing would happen after the click, and the app would wait without end.',
  },
] as const satisfies readonly Fault[]
