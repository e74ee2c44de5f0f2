export {
  bearerTokenType,
  chainHooks,
  formEncodedTokenResponse,
  renamedClaims,
  withQueryParameter,
} from './providers/compliance-hooks.js'
export { discord, github, slack, spotify, stackExchange } from './providers/oauth-providers.js'
export { auth0, cognito, gitlab, google, keycloak, microsoftEntra, okta } from './providers/openid-providers.js'
export type { Preset, ProxyOptions } from './providers/preset.js'
