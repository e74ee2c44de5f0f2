import type { OAuthClient } from '../client/client.js'
import type { ResourceMetadata } from '../endpoints/resource-metadata.js'
import type { ServerMetadata } from '../protocol/server-metadata.js'
import type { LoginOptions, LoginResult } from '../sign-in/sign-in-options.js'

/** Options of one sign-in of a connection. The resource and the redirect URI are those of the connection. */
export type ConnectOptions = Omit<LoginOptions, 'resources' | 'redirectUri'>

/** A client for one protected resource, at one authorization server that the resource named. */
export interface ResourceConnection {
  /** The URL that was connected to. */
  readonly url: string
  /** The resource identifier: the `resource` of each request for a token (RFC 8707), and where tokens may be sent. */
  readonly resource: string
  /** The metadata of the resource; undefined for a server that has none. @see RFC 9728, section 2 */
  readonly metadata: ResourceMetadata | undefined
  /** The metadata of the authorization server, as it was when this connection was made. */
  readonly server: ServerMetadata
  /** The scope that a sign-in requests; empty if the resource names none. */
  readonly scope: string
  /** The client: its state, its events, its other calls. */
  readonly client: OAuthClient
  /**
   * Signs in, as `client.login()`. Call it inside the click for a popup.
   *
   * @param options `scope` requests another scope than the resource has named
   * @throws as `OAuthClient.login`
   */
  connect(options?: ConnectOptions): Promise<LoginResult | undefined>
  /**
   * Sends a request with the access token, to this resource only. A token that the resource refuses is refreshed once; a challenge with
   * `insufficient_scope` leads to a sign-in with a wider scope, if the options allow one. Follows no redirect. Does not depend on `this`.
   *
   * @throws ConfigurationError resource_not_allowed; ValidationError invalid_response for a redirect; as `OAuthClient.fetch`
   */
  readonly fetch: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>
  /** Signs out in this browser, revokes the tokens if the server can, and forgets the connection. A registration is kept for the next one. */
  disconnect(): Promise<void>
  /** As `disconnect`, and forgets the registered client as well: the next connection registers a new one. */
  forget(): Promise<void>
  /** Closes the client: ends its timers and listeners. The session stays. */
  close(): Promise<void>
}
