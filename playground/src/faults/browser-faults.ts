import { openAlteredPopup } from './altered-popup.js'
import type { Fault } from './fault.js'

/** Properties of the device and the browser that the client copes with. */
export const browserFaults = [
  {
    id: 'clock',
    label: 'Device clock two hours slow',
    about: 'The sign-in succeeds all the same: the client corrects the time by the Date header of the response.',
    options: () => ({ now: () => Date.now() - 7_200_000 }),
    expected: 'an ID token that is valid now, by the clock of the server',
    received: 'one that was issued in the future, by the clock of this device',
    rule: 'OpenID Connect Core 1.0, section 3.1.3.7',
    withoutCheck: 'Every ID token would look as if it came from the future, and users with a wrong clock could not sign in.',
  },
  {
    id: 'coop',
    label: 'Popup that looks closed',
    about: 'The server sends a Cross-Origin-Opener-Policy, so “closed” is true while the popup is open. The sign-in succeeds.',
    options: () => ({ environment: { openWindow: openAlteredPopup((url) => url, true) } }),
    expected: 'a window that is open until the user or the app closes it',
    received: '“closed” is true as soon as the server’s page loads',
    rule: 'HTML Standard, cross-origin opener policies',
    withoutCheck: 'The app would report a canceled sign-in while the user still types the password.',
  },
  {
    id: 'blocked',
    label: 'Popup blocked',
    about: 'The browser opens no popup, because it was not opened in a click or because the user blocks them.',
    options: () => ({ environment: { openWindow: () => null } }),
    expected: 'a window from window.open()',
    received: 'null',
    rule: 'HTML Standard, user activation',
    withoutCheck: 'Nothing would happen after the click, and the app would wait without end.',
  },
] as const satisfies readonly Fault[]
