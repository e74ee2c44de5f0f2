import type { OptionNames } from '../errors/unknown-options.js'
import type { ProtocolOptions } from './protocol-options.js'

/** The type holds that the list is complete. Only development loads it. */
export const PROTOCOL_OPTIONS: OptionNames<ProtocolOptions> = {
  issuer: 'string',
  metadataUrl: 'string',
  acceptedIssuers: 'string | list | function',
  trustedAudiences: 'list',
  allowPlainHttp: 'boolean',
  clientAuthMethods: 'object',
  tokenParams: 'object',
  isSessionEnd: 'function',
  resourceWithCode: 'boolean',
  server: 'object',
  clientId: 'string',
  clientAuth: 'string | function',
  clientSecret: 'string',
  revocationClientAuth: 'string | function',
  introspectionClientAuth: 'string | function',
  redirectUri: 'string',
  scope: 'string | list',
  resources: 'list',
  responseType:
    "'code' | 'token' | 'id_token' | 'id_token token' | 'code id_token' | 'code token' | 'code id_token token' | 'none'",
  responseMode: "'query' | 'fragment' | 'jwt' | 'query.jwt' | 'fragment.jwt' | 'form_post' | 'web_message'",
  params: 'object',
  clockTolerance: 'number',
  timeout: 'number',
  idTokenSignedResponseAlg: 'string',
  authorizationSignedResponseAlg: 'string',
  userInfoSignedResponseAlg: 'string',
  decryptionKey: 'object',
  dpop: "boolean | object | 'required'",
  par: 'boolean',
  requestObject: 'object',
  authorizationDetails: 'list',
  compliance: 'object',
}
