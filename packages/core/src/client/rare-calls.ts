// The entry of the chunk with what a usual sign-in by redirect does not need: other transports and responses, failures, rarer options.

export { completeCallback, navigateFrame, navigatePopup, whileBlank } from '../sign-in/rare-steps.js'
export { completeLogout, finishWithoutTokens, rejectUnknownState } from '../sign-in/unexpected-response.js'
export { invalidClaims } from '../session/claims.js'
export { openRecord } from '../storage/open-record.js'
export { loadErrorTexts, protocolLoaders } from './lazy-rare.js'
export { serverCallsOf } from './server-calls.js'
