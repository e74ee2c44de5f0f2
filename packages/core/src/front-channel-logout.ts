export { handleFrontChannelLogout } from './front-channel-logout/front-channel-logout.js'
export type {
  FrontChannelLogoutOptions,
  FrontChannelLogoutResult,
  FrontChannelRefusal,
} from './front-channel-logout/front-channel-logout.js'
