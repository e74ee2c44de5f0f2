import { type AuthorizationServer, type Client, clockSkew, clockTolerance } from 'oauth4webapi'
import type { ProtocolContext } from './protocol-context.js'
import { serverNowSeconds } from './server-clock.js'
import type { ServerMetadata } from './server-metadata.js'

/** The authorization server in oauth4webapi's form: a copy, because oauth4webapi caches keys by object identity. */
export function authorizationServer(metadata: ServerMetadata): AuthorizationServer {
  // The same document; oauth4webapi has mutable lists and checks what it reads.
  return { ...metadata } as unknown as AuthorizationServer
}

/** The client in oauth4webapi's form, with our clock instead of its own. */
export function oauthClient(context: ProtocolContext): Client {
  return {
    client_id: context.options.clientId,
    [clockSkew]: serverNowSeconds(context) - Math.floor(Date.now() / 1000),
    [clockTolerance]: context.options.clockTolerance ?? 30,
  }
}
