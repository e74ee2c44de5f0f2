export { OAuthDevtools, type OAuthDevtoolsProps } from './devtools/oauth-devtools.js'
export { withDevtools } from './devtools/with-devtools.js'
