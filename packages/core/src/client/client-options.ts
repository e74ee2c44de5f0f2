import type { ClientAuthentication } from '../protocol/client-authentication.js'
import type { UserClaims } from '../protocol/claims.js'
import type { ComplianceHooks } from '../protocol/compliance.js'
import type { Environment } from '../platform/environment.js'
import type { Logger } from '../platform/logger.js'
import type { ParameterValue } from './client.js'
import type { ServerMetadata } from '../protocol/server-metadata.js'
import type { TokenStorage } from '../storage/token-storage.js'
import type { TokenSet, TokenSetReason } from '../protocol/token-set.js'
import type { Transport, TransportName } from '../sign-in/transports/transport.js'

/** @see OAuth 2.0 Multiple Response Type Encoding Practices, sections 3 to 5 */
export type ResponseType =
  | 'code'
  | 'token'
  | 'id_token'
  | 'id_token token'
  | 'code id_token'
  | 'code token'
  | 'code id_token token'
  | 'none'

export type ResponseMode = 'query' | 'fragment' | 'jwt' | 'query.jwt' | 'fragment.jwt' | 'form_post' | 'web_message'

/** A place access tokens may be sent to. */
export interface Resource {
  /** URL prefix on a path boundary: `https://api.example.com/v1` allows `/v1` and `/v1/…`, not `/v10`. */
  readonly url: string
  /** Resource indicator to ask a token of its own for (RFC 8707). */
  readonly resource?: string
  readonly scope?: string
  /** @see RFC 6750, sections 2.1 to 2.3. Default `header`. */
  readonly tokenPlacement?: 'header' | 'body' | 'query'
}

/** The part of the Standard Schema interface that is used: zod, valibot, arktype and others have it. */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | {
      readonly issues: ReadonlyArray<{
        readonly message: string
        readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined
      }>
    }

/** How authorization requests are signed. @see RFC 9101, section 5 */
export interface RequestObjectOptions {
  /** Private key; its public half is registered for the client. */
  readonly key: CryptoKey
  readonly kid?: string
  /** Puts the signed request where the server can fetch it, and returns its URL: by reference. Without: by value. */
  readonly publish?: (requestObject: string) => string | Promise<string>
}

/** One thing that is asked for in detail. Further members are those of its `type`. @see RFC 9396, section 2 */
export interface AuthorizationDetails {
  readonly type: string
  readonly locations?: readonly string[]
  readonly actions?: readonly string[]
  readonly datatypes?: readonly string[]
  readonly identifier?: string
  readonly privileges?: readonly string[]
  readonly [member: string]: unknown
}

/** How much one claim is wanted. @see OpenID Connect Core 1.0, section 5.5.1 */
export type ClaimRequest = { readonly essential?: boolean; readonly value?: unknown; readonly values?: readonly unknown[] } | null

/** Claims that are asked for one by one. @see OpenID Connect Core 1.0, section 5.5 */
export interface ClaimsRequest {
  readonly id_token?: Readonly<Record<string, ClaimRequest>>
  readonly userinfo?: Readonly<Record<string, ClaimRequest>>
}

export interface ClientOptions<Claims = UserClaims> {
  /** Issuer URL; metadata is discovered from it. One of `issuer` and `server`. */
  readonly issuer?: string
  /** Server metadata inline: no discovery. */
  readonly server?: ServerMetadata
  readonly clientId: string
  /** Default `none`: a browser cannot keep a secret. */
  readonly clientAuth?: ClientAuthentication
  /** For the methods of client authentication that are given by name and need one. Never in a page that others can open. */
  readonly clientSecret?: string
  /** Client authentication at the revocation endpoint, where it differs from `clientAuth`. @see RFC 7009, section 2.1 */
  readonly revocationClientAuth?: ClientAuthentication
  /** Client authentication at the introspection endpoint, where it differs from `clientAuth`. @see RFC 7662, section 2.1 */
  readonly introspectionClientAuth?: ClientAuthentication
  /** Tells several clients of one page apart where issuer and client id do not. */
  readonly name?: string
  /** Default: the app's base URL (the page's `<base>`, else the origin and `/`). */
  readonly redirectUri?: string
  readonly postLogoutRedirectUri?: string
  /** Space-separated. Default `openid profile email`. */
  readonly scope?: string
  /** Where access tokens may be sent; default: this origin alone. */
  readonly resources?: ReadonlyArray<string | Resource>
  readonly responseType?: ResponseType
  readonly responseMode?: ResponseMode
  readonly transport?: TransportName | Transport
  readonly storage?: TokenStorage
  /** Parameters added to every authorization request; functions are called for each. */
  readonly params?: Readonly<Record<string, ParameterValue | (() => ParameterValue)>>
  /** Seconds; a token this near its expiry is refreshed before use. Default 60. */
  readonly leeway?: number
  /** Seconds; for the times in JSON Web Tokens. Default 30. */
  readonly clockTolerance?: number
  /** Seconds; a request that takes longer fails with code `timeout`. Default 30. */
  readonly timeout?: number
  /**
   * Seconds that a session is shown after its token's expiry while the device is offline and cannot renew it; after that the person
   * looks signed out until the network is back (nothing is deleted). Default: without end.
   */
  readonly offlineGrace?: number
  /**
   * What is tried without a question to the person when there is no refresh token to renew with (and at a start without a session):
   * `iframe` asks in a hidden frame, `redirect` lets the whole page make the trip, both with `prompt=none`. Tried in the order given.
   * Default: nothing.
   */
  readonly silent?: ReadonlyArray<'iframe' | 'redirect'>
  /** Algorithm that ID tokens are signed with (`id_token_signed_response_alg` of the client's metadata). Default RS256. */
  readonly idTokenSignedResponseAlg?: string
  /** Algorithm that signed authorization responses (JARM) are signed with (`authorization_signed_response_alg`). Default RS256. */
  readonly authorizationSignedResponseAlg?: string
  /** Algorithm that UserInfo responses are signed with (`userinfo_signed_response_alg`), where the server signs them. Default RS256. */
  readonly userInfoSignedResponseAlg?: string
  /** The client's private key, where the server encrypts ID tokens and other answers for it. */
  readonly decryptionKey?: CryptoKey | JsonWebKey
  /**
   * Tokens that are bound to a key of this browser which cannot be exported, so that a stolen token is useless elsewhere.
   * `alg` defaults to ES256.
   *
   * @see RFC 9449
   */
  readonly dpop?: boolean | { readonly alg?: string }
  /** Push the authorization request to the server first. Default: when the server's metadata demands it. @see RFC 9126 */
  readonly par?: boolean
  /** Sign the authorization request. @see RFC 9101 */
  readonly requestObject?: RequestObjectOptions
  /** What is asked for in detail, beside or in the place of the scope. @see RFC 9396 */
  readonly authorizationDetails?: readonly AuthorizationDetails[]
  /**
   * Lets `fetch` sign the person in again where an API asks for a stronger or fresher sign-in (`insufficient_user_authentication`) or
   * a wider scope (`insufficient_scope`), by this transport; with a popup or iframe the same request is then sent again, a redirect
   * leaves the page. Default: not allowed, the API's answer is handed on.
   *
   * @see RFC 9470
   */
  readonly stepUp?: TransportName | Transport
  /** Checks and types the user's claims. */
  readonly claims?: StandardSchema<Claims>
  readonly compliance?: ComplianceHooks
  /** Called and awaited with every new token set before it is used. */
  readonly onTokenSet?: (tokenSet: TokenSet, reason: TokenSetReason) => void | Promise<void>
  readonly fetch?: typeof fetch
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  readonly logger?: Logger
  /** Other seams: locks, channels, windows. */
  readonly environment?: Partial<Environment>
}
