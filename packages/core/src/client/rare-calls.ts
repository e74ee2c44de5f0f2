// The entry of the chunk with what a usual sign-in by redirect does not need: other transports and responses, failures, rarer options.

export {
  checkReturnTo,
  completeCallback,
  ignoreLoginRequired,
  navigateFrame,
  navigatePopup,
  prepareNavigation,
  whileBlank,
} from '../sign-in/rare-steps.js'
export { endKey } from '../sign-out/end-dpop-key.js'
export { completeLogout, finishWithoutTokens, rejectUnknownState } from '../sign-in/unexpected-response.js'
export { sendResponse } from '../sign-in/transports/send-response.js'
export { sweepTransactions } from '../sign-in/sweep-transactions.js'
export { invalidClaims } from '../session/claims.js'
export { createAuthorizationRequest } from '../protocol/authorization-request.js'
export { loadServer } from '../protocol/load-server.js'
export { processAuthorizationResponse } from '../protocol/authorization-response.js'
export { startBackgroundWork } from './background-work.js'
export { loadErrorTexts, protocolLoaders } from './lazy-rare.js'
export { serverCallsOf } from './wire-sign-in.js'
