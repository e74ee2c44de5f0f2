import type { OptionNames } from '../errors/unknown-options.js'
import type { ProtocolOptions } from './protocol-options.js'

/** The type holds that the list is complete. Only development loads it. */
export const PROTOCOL_OPTIONS: OptionNames<ProtocolOptions> = {
  issuer: true,
  server: true,
  clientId: true,
  clientAuth: true,
  clientSecret: true,
  revocationClientAuth: true,
  introspectionClientAuth: true,
  redirectUri: true,
  scope: true,
  resources: true,
  responseType: true,
  responseMode: true,
  params: true,
  clockTolerance: true,
  timeout: true,
  idTokenSignedResponseAlg: true,
  authorizationSignedResponseAlg: true,
  userInfoSignedResponseAlg: true,
  decryptionKey: true,
  dpop: true,
  par: true,
  requestObject: true,
  authorizationDetails: true,
  compliance: true,
}
