import type { JSONWebKeySet } from 'jose'
import type { ClientAuth } from 'oauth4webapi'
import type { TokenProfile } from './token-profile.js'

/** How opaque tokens are introspected. @see RFC 7662 */
export interface IssuerIntrospectionOptions {
  /** The API's id at the issuer, or that of a client which may introspect. */
  readonly clientId: string
  /** Its secret, sent in the `Authorization` header. */
  readonly clientSecret?: string | undefined
  /** Another client authentication, made by `ClientSecretPost`, `PrivateKeyJwt` or another function of oauth4webapi. */
  readonly clientAuth?: ClientAuth | undefined
  /** The URL of the introspection endpoint. Default: that of the server metadata. */
  readonly endpoint?: string | undefined
  /**
   * Which tokens: `opaque` ones, which are no JWT (default), or `all`, so that a revoked JWT is refused too.
   */
  readonly tokens?: 'opaque' | 'all' | undefined
  /** Seconds that a response may be reused, never after the token's expiry. A revoked token is accepted as long. Default 60; 0: never. */
  readonly cacheSeconds?: number | undefined
  /**
   * Whether the response must say that the token is for this API (`aud`). Default true. Set it to false for an issuer that sends no
   * `aud`: then every active token of the issuer is accepted. A response with another `aud` is refused in any case.
   */
  readonly requireAudience?: boolean | undefined
}

/** One issuer of tokens. */
export interface IssuerOptions {
  /** The issuer identifier: what the claim `iss` must be, character for character. */
  readonly issuer: string
  /** The audience of this issuer's tokens, if it is not the verifier's. */
  readonly audience?: string | readonly string[] | undefined
  /**
   * The shape of its JWT access tokens: `rfc9068` (default), `jwt` for any JWT that is no other known kind of token, or the members in
   * which they deviate from RFC 9068. The functions of `@latchkey/resource/providers` set it.
   */
  readonly profile?: 'rfc9068' | 'jwt' | TokenProfile | undefined
  /** The URL of the keys. Default: that of the server metadata. */
  readonly jwksUri?: string | undefined
  /** The keys themselves, which are not fetched then. */
  readonly jwks?: JSONWebKeySet | undefined
  /** The signature algorithms that are accepted. Default: all asymmetric ones that the keys are for. */
  readonly algorithms?: readonly string[] | undefined
  /** How opaque tokens are introspected. Default: they are refused. */
  readonly introspection?: IssuerIntrospectionOptions | undefined
}
