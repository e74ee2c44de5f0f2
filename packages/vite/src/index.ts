export { latchkey } from './latchkey.js'
export type { LatchkeyOptions, LatchkeySettings, TestClient } from './latchkey-options.js'
