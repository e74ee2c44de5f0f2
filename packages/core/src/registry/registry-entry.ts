import type { ClientOptions } from '../client/client-options.js'
import type { OAuthClient } from '../client/client.js'
import type { AuthedRequestInit } from '../fetch/fetch-options.js'

/** Options of one named client. */
export interface RegistryEntry extends ClientOptions {
  /** What relative URLs are joined to; a place the token may be sent to, without being named in `resources` as well. */
  readonly apiBaseUrl?: string
}

/** A named client. `fetch` takes URLs relative to `apiBaseUrl`. */
export interface RegistryClient extends OAuthClient {
  readonly name: string
  /** Answers of status 400 and above reject with a {@link ResourceError}. */
  get(url: string | URL, init?: AuthedRequestInit): Promise<Response>
  post(url: string | URL, body?: BodyInit | null, init?: AuthedRequestInit): Promise<Response>
  put(url: string | URL, body?: BodyInit | null, init?: AuthedRequestInit): Promise<Response>
  patch(url: string | URL, body?: BodyInit | null, init?: AuthedRequestInit): Promise<Response>
  delete(url: string | URL, init?: AuthedRequestInit): Promise<Response>
}
