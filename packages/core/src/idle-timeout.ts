export { startIdleTimeout } from './idle-timeout/idle-timeout.js'
export type { IdleTimeout, IdleTimeoutOptions } from './idle-timeout/idle-timeout.js'
