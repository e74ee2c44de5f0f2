export { latchkey } from './latchkey.js'
export { DEFAULT_USERS } from './test-users.js'
export type { ClientDocumentOptions, LatchkeyOptions, LatchkeySettings, TestClient } from './latchkey-options.js'
export type { HardeningOptions } from './hardening/hardening-options.js'
