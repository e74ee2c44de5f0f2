// What a sign-in by redirect does not need. It is loaded on first use.

export { signInSilently } from './silent.js'
export { checkReturnTo } from './return-to.js'
export { completeCallback } from './complete-callback.js'
export { ignoreLoginRequired } from './ignore-login-required.js'
export { prepareNavigation } from './transports/select-transport.js'
export { navigateFrame } from './transports/navigate-frame.js'
export { navigatePopup, whileBlank } from './transports/wait-for-popup.js'
