// The entry of the lazy chunk: everything that is needed once something is signed.

export { otherClientCalls } from '@latchkey/core/internals'
export { createFlow } from './flow.js'
export { requestTemporary, requestToken } from './legs.js'
export { createSignedFetch } from './signed-fetch.js'
