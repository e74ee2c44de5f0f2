import type { ClientOptions, OAuthClient } from '@latchkey/core'
import type * as endpoints from '@latchkey/core/endpoints'
import type * as grants from '@latchkey/core/grants'

/** Settings that a test writes into the page: the client's options as plain data, or a replacement for those that are not. */
export interface ExtensionsSettings {
  readonly options: Omit<ClientOptions, 'requestObject'>
  /** The private key (JWK) that authorization requests are signed with. */
  readonly requestKey?: JsonWebKey
  /** Where signed requests are put for the server to fetch: by reference, not by value. */
  readonly publishAt?: string
}

/** What a test can read in the page, besides its buttons. */
export interface Latchkey {
  readonly client: OAuthClient
  readonly endpoints: typeof endpoints
  readonly grants: typeof grants
  /** What the client wrote to its logger at level `warn`. */
  readonly warnings: readonly string[]
  /** Why responses of the page were ignored. */
  readonly ignored: readonly string[]
}

/** The page's `window`, for the page and for what a test runs in it. */
export interface ExtensionsWindow {
  readonly settings: ExtensionsSettings
  latchkey: Latchkey
}
