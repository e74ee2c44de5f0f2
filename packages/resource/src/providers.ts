export {
  auth0,
  cognito,
  entra,
  keycloak,
  type Auth0Options,
  type CognitoOptions,
  type EntraOptions,
  type KeycloakOptions,
} from './providers/providers.js'
