export { latchkey } from './latchkey.js'
export type { LatchkeyOptions, LatchkeySettings, TestClient, TestUser } from './latchkey-options.js'
