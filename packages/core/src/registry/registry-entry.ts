import type { ClientOptions } from '../client/client-options.js'
import type { OAuthClient } from '../client/client.js'
import type { UserClaims } from '../protocol/claims.js'
import type { AuthedRequestInit } from '../fetch/fetch-options.js'

/** Options of one named client. */
export interface RegistryEntry<Claims = UserClaims> extends ClientOptions<Claims> {
  /** Base of relative URLs. The token may be sent there without a further entry in `resources`. */
  readonly apiBaseUrl?: string | undefined
  /**
   * Creates a client of another kind, such as OAuth 1.0a: see `oauth1Entry()` of `@latchkey/oauth1`. `fetchToken` is not called for it.
   * Default: the registry's own `createClient`.
   */
  readonly createClient?: ((shared: SharedOptions) => OAuthClient<Claims>) | undefined
}

/** What a registry tells every client. */
export type SharedOptions = Pick<ClientOptions, 'name' | 'onTokenSet' | 'resources'>

/** A named client. `fetch` takes URLs relative to `apiBaseUrl`. */
export interface RegistryClient<Claims = UserClaims> extends OAuthClient<Claims> {
  /** Name in the registry, with the account if there is one. */
  readonly name: string
  /** Sends a GET request. Rejects with a {@link ResponseError} for a status of 400 or above, as the four methods below do. */
  get(url: string | URL, init?: AuthedRequestInit): Promise<Response>
  post(url: string | URL, body?: BodyInit | null, init?: AuthedRequestInit): Promise<Response>
  put(url: string | URL, body?: BodyInit | null, init?: AuthedRequestInit): Promise<Response>
  patch(url: string | URL, body?: BodyInit | null, init?: AuthedRequestInit): Promise<Response>
  delete(url: string | URL, init?: AuthedRequestInit): Promise<Response>
}
