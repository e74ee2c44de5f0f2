import type { AuthorizationDetails } from '../features/rar/authorization-details.js'
import type { Grant } from '../token/grants/grant.js'
import { OAuthError } from '../http/oauth-error.js'
import type { Parameters } from '../http/parameters.js'
import type { ServerParts } from '../options/server-parts.js'
import type { ClientRecord } from '../storage/client-store.js'

/** How the authorization response travels. @see OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1 */
export type ResponseMode = 'query' | 'fragment' | 'form_post' | 'jwt' | 'query.jwt' | 'fragment.jwt' | 'form_post.jwt'

/** An authorization request whose client and redirect URI are known to belong together. Rules add to it, none changes it. */
export interface AuthorizationRequest {
  readonly params: Parameters
  readonly client: ClientRecord
  readonly redirectUri: string
  /** Whether the parameters were pushed. @see RFC 9126 */
  readonly isPushed: boolean
  /** Whether the parameters were in a request object. @see RFC 9101 */
  readonly isSigned: boolean
  /** Whether `redirect_uri` stood in the request; then the token request must repeat it. */
  readonly hasRedirectUri: boolean
  readonly state: string | undefined
  readonly responseMode: ResponseMode
  /** Its words in alphabetical order: order has no meaning (RFC 6749, section 3.1.1). */
  readonly responseType: string
  /** The grant that serves the response type; the rule on response types has made sure of it. */
  readonly grant: Grant | undefined
  /** The granted scope, once the rule on scope has run. */
  readonly scope: readonly string[]
  readonly prompt: readonly string[]
  /** Seconds. */
  readonly maxAge: number | undefined
  /** The `sub` of the `id_token_hint`. */
  readonly hintedSubject: string | undefined
  readonly claims: Readonly<Record<string, unknown>> | undefined
  /** The essential `acr` values of the `claims` parameter. @see OpenID Connect Core 1.0, section 5.5.1.1 */
  readonly essentialAcr: readonly string[]
  /** What is asked for beside the scope, once the rule on it has run. @see RFC 9396 */
  readonly authorizationDetails?: readonly AuthorizationDetails[]
}

/** What a rule found out; nothing where it only checks. */
export type Findings = Partial<AuthorizationRequest> | void

/** One rule about authorization requests. Throws OAuthError to refuse; the error goes back to the client by redirect. */
export type AuthorizationRule = (request: AuthorizationRequest, server: ServerParts) => Findings | Promise<Findings>

/** @returns the grant that serves the response type. @see RFC 6749, section 4.1.2.1 */
export function grantOf({ grant }: Pick<AuthorizationRequest, 'grant'>): Grant {
  if (grant) return grant
  throw new OAuthError('unsupported_response_type', 'no grant of this server serves this "response_type"')
}

/** @returns the words of a space-separated parameter */
export function words(value: string | undefined): readonly string[] {
  return value === undefined ? [] : value.split(' ').filter((word) => word !== '')
}
