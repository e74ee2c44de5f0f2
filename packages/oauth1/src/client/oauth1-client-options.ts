import type {
  Environment,
  Logger,
  Resource,
  StandardSchema,
  TokenSet,
  TokenSetReason,
  TokenStorage,
  Transport,
  TransportName,
  UserClaims,
} from '@latchkey/core'
import type { ParameterPlacement } from '../signature/placement.js'
import type { RsaKey } from '../signature/rsa-key.js'
import type { SignatureMethod, SignatureMethodName } from '../signature/signature-method.js'
import type { Credentials } from './credentials.js'

/** The options of `createOAuth1Client`. */
export interface OAuth1ClientOptions<Claims = UserClaims> {
  /** The client identifier; most providers call it "consumer key" or "API key". @see RFC 5849, section 1.1 */
  readonly consumerKey: string
  /** The client's shared secret. In a page everyone can read it: see the README. Not used by RSA. */
  readonly consumerSecret?: string | undefined
  /** Signs with RSA-SHA1 and RSA-SHA256: a WebCrypto key, a JWK, or PEM text (PKCS #8 or PKCS #1). */
  readonly privateKey?: RsaKey | undefined
  /** Default `HMAC-SHA1`. PLAINTEXT sends the secrets themselves, so it is refused without https. @see RFC 5849, section 3.4 */
  readonly signatureMethod?: SignatureMethodName | SignatureMethod | undefined
  /**
   * Where the `oauth_…` parameters stand. Default `header`. With `body`, a request whose body has no place for them (GET, JSON) has them in
   * the header. In body and query they are not separate from the request, so its redirects are refused. @see RFC 5849, section 3.5
   */
  readonly placement?: ParameterPlacement | undefined
  /** The `realm` of the header, if the provider needs one. It is not signed. @see RFC 5849, section 3.5.1 */
  readonly realm?: string | undefined
  /** Signs bodies that are not forms as well, by `oauth_body_hash`. Default false. @see OAuth Request Body Hash 1.0 */
  readonly bodyHash?: boolean | undefined

  /** Where temporary credentials ("request token") are requested. @see RFC 5849, section 2.1 */
  readonly temporaryCredentialsUrl?: string | undefined
  /** Where the user allows or denies the access. @see RFC 5849, section 2.2 */
  readonly authorizationUrl?: string | undefined
  /** Where token credentials ("access token") are requested. @see RFC 5849, section 2.3 */
  readonly tokenCredentialsUrl?: string | undefined
  /**
   * Where the provider redirects to, or `oob` if the user copies a verifier. Default: the app's base URL. A path is resolved against the
   * page.
   */
  readonly callbackUrl?: string | undefined
  /**
   * Adds a `state` to the callback URL, by which this tab recognizes the response. Default true. Set to false for a provider that
   * compares the whole URL with the registered one.
   */
  readonly callbackState?: boolean | undefined

  /** Tells several clients of one page apart if the provider and the consumer key are the same. */
  readonly name?: string | undefined
  /** Where signed requests may be sent. Default: this origin only. */
  readonly resources?: ReadonlyArray<string | Resource> | undefined
  /**
   * Rewrites the address of every request after it was signed, for providers that do not allow requests from pages (CORS). The signature is
   * that of the original address. The proxy gets the token.
   */
  readonly proxy?: ((url: URL) => string | URL) | undefined
  /**
   * Token credentials that were received elsewhere: signs with them, without a sign-in. `null` signs with the client's credentials only
   * ("two-legged").
   */
  readonly token?: Credentials | null | undefined
  /** Loads the claims of the user after the sign-in. Default: no claims. @param fetch signs with the new token */
  readonly userInfo?: ((fetch: typeof globalThis.fetch, tokenSet: TokenSet) => UserClaims | Promise<UserClaims>) | undefined
  /** Checks and types the user's claims. */
  readonly claims?: StandardSchema<Claims> | undefined
  /** Called and awaited with every new token set before it is used. */
  readonly onTokenSet?: ((tokenSet: TokenSet, reason: TokenSetReason, former?: TokenSet) => void | Promise<void>) | undefined

  /** How the browser goes to the provider and back. Default `redirect`. */
  readonly transport?: TransportName | Transport | undefined
  /** Where the session is kept. Default `indexedDb()`. */
  readonly storage?: TokenStorage | undefined
  /** Seconds until a request for credentials is given up. Default 30. */
  readonly timeout?: number | undefined
  /** Outside a page: allows http URLs of other hosts than loopback. Not for PLAINTEXT. Default false. */
  readonly allowPlainHttp?: boolean | undefined
  /** Sends the requests. Default: the global `fetch`. */
  readonly fetch?: typeof fetch | undefined
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: (() => number) | undefined
  /** Receives warnings and debug messages. Default: warnings go to the console. */
  readonly logger?: Logger | undefined
  /** Other seams: locks, channels, windows. */
  readonly environment?: Partial<Environment> | undefined
}
