import { type ClientRegistration, registerClient } from '@latchkey/core/endpoints'
import { exportJWK, generateKeyPair } from 'jose'
import { experimentFetch } from '../network-log/logging-fetch.js'

/** A client that signs its requests: its registration, and the key that exists only in this page. */
export interface SigningClient {
  readonly registered: ClientRegistration
  readonly key: CryptoKey
  /** Where the server fetches signed requests of this client. */
  readonly requestUri: string
}

/** Creates a key that cannot be exported, and registers a client with the public key (RFC 7591, RFC 9101). */
export async function registerSigningClient(issuer: string): Promise<SigningClient> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const requestUri = `${location.origin}/request-objects/${crypto.randomUUID()}`
  const registered = await registerClient(
    { issuer, fetch: experimentFetch },
    {
      client_name: 'Signing demo app',
      redirect_uris: [`${location.origin}/`],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      jwks: { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig' }] },
      request_object_signing_alg: 'ES256',
      require_signed_request_object: true,
      request_uris: [requestUri],
    },
  )
  return { registered, key: privateKey, requestUri }
}

/** Stores a signed request where the server can fetch it. @returns the address, which is registered */
export async function publishRequestObject(requestObject: string, requestUri: string): Promise<string> {
  const response = await fetch(requestUri, { method: 'PUT', body: requestObject })
  if (!response.ok) throw new Error(`the signed request could not be stored at ${requestUri}: status ${response.status}`)
  return requestUri
}
