export { OAuthDevtools } from './oauth-devtools.js'
export type { OAuthDevtoolsProps } from './oauth-devtools.js'
export { withDevtools } from './with-devtools.js'
