import { navigateFrame } from './navigate-frame.js'
import { navigateRedirect } from './navigate-redirect.js'
import type { TransportSteps } from './select-transport.js'

// The steps of all transports in one module, for clients that load them together.

export { navigatePopup, whileBlank } from './navigate-popup.js'

/** The transports that have nothing to do inside the click. */
export const navigatePage: TransportSteps['navigatePage'] = { redirect: navigateRedirect, iframe: navigateFrame }
