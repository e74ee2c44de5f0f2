export { relayCallback } from './sign-in/transports/relay-callback.js'
