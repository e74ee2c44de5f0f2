// What follows when a document or response of the server is not the usual one: most clients never load it.

export { acceptIssuer, acceptsIssuer } from './accept-issuer.js'
export { authentication } from './authentication.js'
export { authorizationError } from './authorization-error.js'
export { correctedContext } from './corrected-clock.js'
export { checkComplianceHooks } from './server-support.js'
export { finishRequest } from './finish-request.js'
export { extraTokenParameters, furtherParameters } from './further-parameters.js'
export { unusualResponse } from './unusual-response.js'
export { unusualExpiry } from './unusual-expiry.js'
export { checkTokenType } from './token-type.js'
export { discoverPlainOAuth } from './discover-plain-oauth.js'
export { readJsonObject } from './read-json-object.js'
