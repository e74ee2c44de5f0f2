export { protocol } from './oauth-protocol.js'
