import { checkClientRecord } from './check-client-record.js'
import type { AtomicStore } from './atomic-store.js'

/**
 * A registered client. Our names for the client metadata of RFC 7591, section 2, and OpenID Connect Dynamic Client
 * Registration 1.0, section 2. A member that is left out allows what the server allows.
 */
export interface ClientRecord {
  readonly clientId: string
  /** The secret itself (needed for `client_secret_jwt`), or the digest of it as `sha256:<base64url>`. */
  readonly clientSecret?: string
  readonly clientName?: string
  /** Compared character for character. @see RFC 9700, section 4.1.3 */
  readonly redirectUris: readonly string[]
  readonly postLogoutRedirectUris?: readonly string[]
  /** Space-separated; the most this client may ask for. */
  readonly scope?: string
  readonly grantTypes?: readonly string[]
  readonly responseTypes?: readonly string[]
  /** Default: `none` without a secret, else `client_secret_basic` or `client_secret_post`. */
  readonly tokenEndpointAuthMethod?: string
  /** Default RS256, or that of the server's first key where there is none of RS256. */
  readonly idTokenSignedResponseAlg?: string
  /** `native`: on `127.0.0.1` and `[::1]` the port of the redirect URI is left to the client (RFC 8252, section 7.3). */
  readonly applicationType?: 'web' | 'native'
  /** Ask the person for consent even though the client is known. Default false. */
  readonly requireConsent?: boolean
  /** Seconds; the `max_age` of requests that name none. */
  readonly defaultMaxAge?: number
  /** Public keys for `private_key_jwt` and request objects. */
  readonly jwks?: { readonly keys: ReadonlyArray<Readonly<Record<string, unknown>>> }
  readonly jwksUri?: string
  readonly tokenEndpointAuthSigningAlg?: string
  /** UserInfo is answered as a JWT signed like this. @see OpenID Connect Core 1.0, section 5.3.2 */
  readonly userinfoSignedResponseAlg?: string
  /** Tokens are only issued with a DPoP proof. @see RFC 9449, section 5.2 */
  readonly dpopBoundAccessTokens?: boolean
  /** @see RFC 9126, section 6 */
  readonly requirePushedAuthorizationRequests?: boolean
  /** Addresses that the client's request objects may be fetched from, compared character for character. */
  readonly requestUris?: readonly string[]
  /** The one algorithm of its request objects. Default: any that fits its keys, or its secret where it has no keys. */
  readonly requestObjectSigningAlg?: string
  /** Take no authorization request of this client that is not signed. @see RFC 9101, section 10.5 */
  readonly requireSignedRequestObject?: boolean
  /** The types of authorization details that this client may ask for. @see RFC 9396, section 10 */
  readonly authorizationDetailsTypes?: readonly string[]
  /** @see OpenID Connect Back-Channel Logout 1.0, section 2.2 */
  readonly backchannelLogoutUri?: string
  /** @see OpenID Connect Front-Channel Logout 1.0, section 2 */
  readonly frontchannelLogoutUri?: string
  /** `poll`, which is the default and all that this server has. @see OpenID Connect CIBA Core 1.0, section 4 */
  readonly backchannelTokenDeliveryMode?: string
  /** Digest of the token that the client may change its registration with. @see RFC 7592, section 3 */
  readonly registrationToken?: string
  readonly [member: string]: unknown
}

/** Where clients are found; the verbs for registration are only needed when clients may register themselves. */
export interface ClientStore {
  findClient(clientId: string): Promise<ClientRecord | undefined>
  saveClient?(client: ClientRecord): Promise<void>
  deleteClient?(clientId: string): Promise<void>
}

/** @returns a store over a fixed list; throws a TypeError for an id that is there twice, and for a member that is not what it must be */
export function clientList(clients: readonly ClientRecord[]): ClientStore {
  const byId = new Map<string, ClientRecord>()
  for (const client of clients) {
    checkClientRecord(client)
    if (byId.has(client.clientId)) throw new TypeError(`clients: "${client.clientId}" is there twice`)
    byId.set(client.clientId, client)
  }
  return { findClient: (clientId) => Promise.resolve(byId.get(clientId)) }
}

/** @returns a store that clients can be added to, over any key-value store */
export function clientStore(store: AtomicStore): Required<ClientStore> {
  return {
    findClient: (clientId) => store.get<ClientRecord>(key(clientId)),
    saveClient: (client) => store.set(key(client.clientId), client),
    deleteClient: (clientId) => store.delete(key(clientId)),
  }
}

function key(clientId: string): string {
  return `client:${encodeURIComponent(clientId)}`
}
