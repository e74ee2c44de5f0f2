export {
  adaptedTokenResponse,
  bearerTokenType,
  chainHooks,
  formEncodedTokenResponse,
  renamedClaims,
  spaceSeparatedScope,
  withQueryParameter,
} from './providers/compliance-hooks.js'
export { azureAdB2c, microsoftEntra } from './providers/microsoft-providers.js'
export type { AzureAdB2cOptions, MicrosoftEntraOptions } from './providers/microsoft-providers.js'
export { discord, dropbox, github, spotify, stackExchange } from './providers/oauth-providers.js'
export { adfs, auth0, authentik, cognito, gitlab, google, keycloak, okta, zitadel } from './providers/openid-providers.js'
export { netsuite, oracleIdcs } from './providers/oracle-providers.js'
export type { OpenIdProxyOptions, Preset, ProxyOptions } from './providers/preset.js'
export { slack } from './providers/slack.js'
export type { SlackOptions } from './providers/slack.js'
export { apple, bitbucket, facebook, linkedin, twitch, x } from './providers/social-providers.js'
export type { FacebookOptions, TwitchOptions } from './providers/social-providers.js'
