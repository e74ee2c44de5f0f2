export { clientSecretBasic, clientSecretJwt, clientSecretPost, privateKeyJwt } from './client-authentication/checked-methods.js'
export type { AssertionOptions, PrivateKeyJwtOptions } from './client-authentication/assertion-methods.js'
export type { AssertionKey } from './client-authentication/signed-assertion.js'
export type { ClientAuthentication, ClientAuthenticationFunction, ClientIdentity } from './protocol/client-authentication.js'
