import { navigateRedirect } from '../sign-in/transports/navigate-redirect.js'
import type { TransportSteps } from '../sign-in/transports/select-transport.js'
import type { ClientInternals, ServerCalls } from './internals.js'
import { loadHiddenFrame, loadPopup } from './lazy-rare.js'
import { wireSignIn } from './wire-sign-in.js'

// The second part of the wiring, and the entry of the chunk that a sign-in loads: nothing that is only used afterwards belongs here.
// `create-client.ts` has the first part, `session-calls.ts` the third.

export { createAuthorizationRequest } from '../protocol/authorization-request.js'
export { loadServer } from '../protocol/load-server.js'
export { processAuthorizationResponse } from '../protocol/authorization-response.js'
export { invalidClaims } from '../session/claims.js'
export { replaceSession } from '../session/write-session.js'
export { openRecord } from '../storage/open-record.js'
export { writeRecord } from '../storage/write-record.js'
export { explain, protocolLoaders } from './lazy-rare.js'

/** @see TransportSteps */
export const navigatePopup: TransportSteps['navigatePopup'] = async (...request) => (await loadPopup()).navigatePopup(...request)

/** @see TransportSteps */
export const whileBlank: TransportSteps['whileBlank'] = async (...request) => (await loadPopup()).whileBlank(...request)

/** The transports that have nothing to do inside the click. */
export const navigatePage: TransportSteps['navigatePage'] = {
  redirect: navigateRedirect,
  iframe: async (...request) => (await loadHiddenFrame()).navigateFrame(...request),
}

/** What a client needs to sign a user in. */
export function serverCallsOf(client: ClientInternals): ServerCalls {
  // Now, so that a deployment that replaces the app's files does not take it away from an open page.
  if (client.config.options.transport === 'popup') loadPopup().catch(() => undefined)
  return wireSignIn(client)
}
