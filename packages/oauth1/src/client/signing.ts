// The entry of the lazy chunk: everything that is needed once something is signed.

export { otherClientCalls } from '@latchkey/core/internals'
export { calls } from './calls.js'
export { createFlow } from './flow.js'
