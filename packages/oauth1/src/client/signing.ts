// The entry of the lazy chunk: everything that is needed once something is signed.

export { createSignInSteps, openRecord, TransactionStore, writeRecord } from '@latchkey/core/internals'
export { createFlow } from './flow.js'
export { createLegs } from './legs.js'
export { createSignedFetch } from './signed-fetch.js'
