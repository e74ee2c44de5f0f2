export { unlessAborted } from './abort.js'
export { answerChallenge } from './answer-challenge.js'
export { invalidClaims } from './invalid-claims.js'
export { suspendWhenOfflineTooLong } from './offline.js'
export { loadIframeTransport, loadIntrospection, loadTokenPlacement } from './on-demand.js'
export { protocol } from './protocol/index.js'
export { readUserInfo } from './read-user-info.js'
export { renewNarrowToken, renewTokenSet } from './refresh.js'
export { Renewal } from './renewal.js'
export { revokeByHand } from './revoke-by-hand.js'
export {
  completeResponse,
  handleForeignResponse,
  handlePageResponse,
  remember,
  sweepTransactions,
  transactionsOf,
  travel,
} from './sign-in-trip.js'
export { signInSilently } from './silent-sign-in.js'
export { createSignOutUrl, signOutAtServer } from './sign-out.js'
export { migrateValue } from './storage/migrations.js'
export { popupTrip } from './transport/popup-trip.js'
