export { latchkey } from './latchkey.js'
export { DEFAULT_USERS } from './test-users.js'
export type { LatchkeyOptions, LatchkeySettings, TestClient } from './latchkey-options.js'
