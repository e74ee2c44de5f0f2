import { OAuthError } from '../http/oauth-error.js'
import type { Parameters } from '../http/parameters.js'
import type { ServerContext } from '../options/server-context.js'
import type { AuthorizationDetails } from '../storage/authorization-details.js'
import type { ClientRecord } from '../storage/client-record.js'
import type { GrantSettings } from '../token/grants/grant-settings.js'

/** How the authorization response is sent. @see OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1 */
export type ResponseMode = 'query' | 'fragment' | 'form_post' | 'jwt' | 'query.jwt' | 'fragment.jwt' | 'form_post.jwt'

/** An authorization request whose client has registered its redirect URI. Rules add to it and change nothing. */
export interface AuthorizationRequest {
  /** The parameters. */
  readonly params: Parameters
  /** The client. */
  readonly client: ClientRecord
  /** Where the response goes. */
  readonly redirectUri: string
  /** Whether the parameters were pushed. @see RFC 9126 */
  readonly isPushed: boolean
  /** Whether the parameters were in a request object. @see RFC 9101 */
  readonly isSigned: boolean
  /** Whether the request has `redirect_uri`; then the token request must repeat it. */
  readonly hasRedirectUri: boolean
  /** Returned in the response; undefined if absent or repeated. */
  readonly state: string | undefined
  /** How the response is sent. */
  readonly responseMode: ResponseMode
  /** Its words in alphabetical order: the order has no meaning (RFC 6749, section 3.1.1). */
  readonly responseType: string
  /** The grant that serves the response type; defined once the rule on response types has passed. */
  readonly grant: GrantSettings | undefined
  /** The granted scope, once the rule on scope has passed. */
  readonly scope: readonly string[]
  /** The values of `prompt`. */
  readonly prompt: readonly string[]
  /** Seconds. */
  readonly maxAge: number | undefined
  /** The `sub` of the `id_token_hint`. */
  readonly hintedSubject: string | undefined
  /** The `claims` parameter, parsed, without claims about the user that the client may not request. */
  readonly claims: Readonly<Record<string, unknown>> | undefined
  /** The essential `acr` values of the `claims` parameter. @see OpenID Connect Core 1.0, section 5.5.1.1 */
  readonly essentialAcr: readonly string[]
  /** The requested resources, once the rule on them has passed; undefined if there is none. @see RFC 8707 */
  readonly resources?: readonly string[] | undefined
  /** The requested details, once the rule on them has passed. @see RFC 9396 */
  readonly authorizationDetails?: readonly AuthorizationDetails[] | undefined
}

/** What a rule adds to the request; nothing if it only checks. */
export type Findings = Partial<AuthorizationRequest> | void

/** One rule about authorization requests. Throws OAuthError to refuse; the error goes to the client by redirect. */
export type AuthorizationRule = (request: AuthorizationRequest, server: ServerContext) => Findings | Promise<Findings>

/** The parameters of an authorization request, and how they arrived. */
export interface RequestSource {
  /** The parameters. */
  readonly params: Parameters
  /** Whether they were pushed. */
  readonly isPushed: boolean
  /** Whether they were in a request object. */
  readonly isSigned: boolean
  /** The client, if it was needed to read the parameters. */
  readonly client?: ClientRecord | undefined
}

/** A request read by a {@link RequestReader}. */
export interface SignedRequest {
  /** The parameters in it. */
  readonly search: URLSearchParams
  /** The client that signed it. */
  readonly client: ClientRecord
}

/**
 * Reads a request from another form than plain parameters, such as a request object; undefined if the request has another form.
 * Calls `findClient` once it needs the client's keys or addresses.
 */
export type RequestReader = (
  params: Parameters,
  findClient: () => Promise<ClientRecord>,
  server: ServerContext,
) => Promise<SignedRequest | undefined>

/** What the authorization endpoint needs of the server beside the common context; features contribute to it. */
export interface AuthorizationServerContext extends ServerContext {
  /** Applied before the response type and everything that depends on it is checked. */
  readonly earlyRules: readonly AuthorizationRule[]
  /** Applied after the server's own rules. */
  readonly lateRules: readonly AuthorizationRule[]
  /** Read requests from other forms than plain parameters. */
  readonly requestReaders: readonly RequestReader[]
}

/** Returns the grant that serves the response type. Throws OAuthError if there is none. @see RFC 6749, section 4.1.2.1 */
export function grantOf({ grant }: Pick<AuthorizationRequest, 'grant'>): GrantSettings {
  if (grant) return grant
  throw new OAuthError('unsupported_response_type', 'no grant of this server serves this "response_type"')
}
