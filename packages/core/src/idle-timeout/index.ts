export { startIdleTimeout } from './idle-timeout.js'
export type { IdleTimeout, IdleTimeoutOptions } from './idle-timeout.js'
