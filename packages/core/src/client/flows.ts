export { unlessAborted } from '../platform/abort.js'
export { answerChallenge } from '../fetch/step-up.js'
export { invalidClaims } from '../session/invalid-claims.js'
export { suspendWhenOfflineTooLong } from '../refresh/offline.js'
export { loadIframeTransport, loadIntrospection, loadTokenPlacement } from './on-demand.js'
export { createAuthorizationRequest } from '../protocol/authorization-request.js'
export { loadServer } from '../protocol/load-server.js'
export { processAuthorizationResponse } from '../protocol/process-response.js'
export { refreshTokenSet } from '../protocol/refresh-grant.js'
export { readUserInfo } from '../fetch/user-info.js'
export { renewNarrowToken, renewTokenSet } from '../refresh/refresh-session.js'
export { Renewal } from '../refresh/refresh-timer.js'
export { revokeByHand } from '../sign-out/revoke.js'
export {
  completeResponse,
  handleForeignResponse,
  handlePageResponse,
  remember,
  sweepTransactions,
  transactionsOf,
  travel,
} from '../sign-in/complete.js'
export { signInSilently } from '../sign-in/silent.js'
export { createSignOutUrl, signOutAtServer } from '../sign-out/sign-out.js'
export { establishSession } from '../session/write-session.js'
export { migrateValue } from '../storage/migrations.js'
export { popupTrip } from '../sign-in/transports/popup-trip.js'
