export { OAuthDevtools, type OAuthDevtoolsProps } from './devtools/oauth-devtools.js'
export {
  latchkeyDevtoolsPlugin,
  type LatchkeyDevtoolsPlugin,
  type LatchkeyDevtoolsPluginOptions,
} from './devtools/tanstack-plugin.js'
export { withDevtools } from './devtools/with-devtools.js'
