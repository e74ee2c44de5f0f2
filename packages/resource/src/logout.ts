export {
  createLogoutVerifier,
  type LogoutNotice,
  type LogoutVerifier,
  type LogoutVerifierOptions,
} from './logout/create-logout-verifier.js'
export { createLogoutChannel, type LogoutChannel, type LogoutChannelOptions, type TabSession } from './logout/logout-channel.js'
export type { Fetch } from './http/fetch-json.js'
export type { ReplayStore } from './dpop/replay-store.js'
export type { IssuerOptions } from './issuers/issuer-options.js'
