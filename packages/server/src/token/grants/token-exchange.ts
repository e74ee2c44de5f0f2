import { OAuthError } from '../../http/oauth-error.js'
import type { AccessTokenRecord } from '../../storage/access-token-store.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { digest } from '../../storage/digest.js'
import { isExpired, remainingSeconds } from '../../storage/expiry.js'
import type { Issue } from '../issue.js'
import { parseScope } from '../scope.js'
import { isPublic } from './client-may.js'
import { GRANT_OPTIONS, grantBase, lifetimeOf, type Grant, type GrantOptions, type TokenRequest } from './grant.js'
import { grantedScope } from './granted-scope.js'
import { requestedResources } from './requested-resources.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** A token exchange that a client requests. */
export interface TokenExchangeRequest {
  readonly client: ClientRecord
  /** The token to exchange. */
  readonly subject: AccessTokenRecord
  /** The token of the party that acts for the subject. */
  readonly actor: AccessTokenRecord | undefined
  /** Scope of the new token. */
  readonly scope: readonly string[]
  /** The `resource` parameters. */
  readonly resources: readonly string[]
  /** The `audience` parameters. */
  readonly audience: readonly string[]
}

/** Options of {@link tokenExchange}. */
export interface TokenExchangeOptions extends GrantOptions {
  /** Decides about an exchange. Default: confidential clients may exchange any access token of this server. */
  readonly isAllowed?: (request: TokenExchangeRequest) => boolean | Promise<boolean>
}

const OPTIONS: MembersOf<TokenExchangeOptions> = { ...GRANT_OPTIONS, isAllowed: true }

/** Creates the token exchange grant: an access token for one with less scope or another audience. @see RFC 8693 */
export function tokenExchange(options: TokenExchangeOptions = {}): Grant {
  checkMembers(options, OPTIONS, { name: 'tokenExchange' })
  const isAllowed = options.isAllowed ?? (({ client }) => !isPublic(client))
  return {
    ...grantBase(options),
    grantType: GRANT_TYPE,
    async handle(request) {
      const exchangeRequest = await readRequest(request)
      if (!(await isAllowed(exchangeRequest)))
        throw new OAuthError('unauthorized_client', 'this client may not exchange this token')
      const { params, client, context } = request
      const { authorizationDetails } = exchangeRequest.subject
      const details = await context.server.authorizationDetails.narrowed(params, authorizationDetails, client)
      return { ...issueExchanged(exchangeRequest, request), ...details }
    },
  }
}

async function readRequest(request: TokenRequest): Promise<TokenExchangeRequest> {
  const { params, client } = request
  const type = params.get('requested_token_type') ?? ACCESS_TOKEN
  if (type !== ACCESS_TOKEN) throw new OAuthError('invalid_request', '"requested_token_type" must be an access token')
  const subject = await readToken('subject_token', request)
  if (!subject) throw new OAuthError('invalid_request', '"subject_token" is missing')
  const actor = await readToken('actor_token', request)
  // A stolen bound token must not become an unbound one, so the new token is bound as well.
  if (subject.dpopJkt !== undefined && request.dpopJkt === undefined)
    throw new OAuthError('invalid_dpop_proof', 'the subject token is bound to a key: the exchange needs a DPoP proof')
  const resources = requestedResources(params) ?? []
  return { client, subject, actor, scope: exchangedScope(subject, request), resources, audience: params.all('audience') }
}

/** No more than the subject token has, and no more than this client gets by this grant. @see RFC 8693, section 2.1 */
function exchangedScope(
  subject: AccessTokenRecord,
  { params, client, grant, context: { server } }: TokenRequest,
): readonly string[] {
  const requested = params.get('scope')
  if (!parseScope(requested).every((name) => subject.scope.includes(name)))
    throw new OAuthError('invalid_scope', '"scope" requests more than the subject token has')
  const { scopes: ofGrant = [] } = grant
  const scopes = ofGrant.length === 0 ? subject.scope : subject.scope.filter((name) => ofGrant.includes(name))
  if (scopes.length === 0 && subject.scope.length > 0)
    throw new OAuthError('invalid_scope', 'this grant gives none of the scope names of the subject token')
  // No default scope: it would add to that of the subject token.
  const narrowed = { ...grant, scopes, defaultScope: undefined }
  return grantedScope(requested ?? (subject.scope.join(' ') || undefined), { grant: narrowed, client, server })
}

async function readToken(name: string, { params, context: { server } }: TokenRequest): Promise<AccessTokenRecord | undefined> {
  const token = params.get(name)
  const type = params.get(`${name}_type`)
  if ((token === undefined) !== (type === undefined))
    throw new OAuthError('invalid_request', `"${name}" and "${name}_type" must be used together`)
  if (token === undefined) return undefined
  if (type !== ACCESS_TOKEN) throw new OAuthError('invalid_request', `"${name}_type" must be that of an access token`)
  const record = await server.stores.accessTokens.findByToken(await digest(token))
  if (record && !isExpired(record, server.now())) return record
  throw new OAuthError('invalid_request', `"${name}" is unknown, expired or revoked`)
}

function issueExchanged(
  { client, subject, actor, scope, resources, audience }: TokenExchangeRequest,
  { params, grant, context }: TokenRequest,
): Issue {
  const requested = [...resources, ...audience]
  return {
    client,
    grantType: GRANT_TYPE,
    scope,
    requestedScope: params.get('scope'),
    userId: subject.userId,
    data: { ...subject.data, ...(actor && { act: { sub: actor.userId ?? actor.clientId } }) },
    families: subject.families,
    // The new token must not outlive the subject token.
    expiresIn: shorter(lifetimeOf(grant), remainingSeconds(subject, context.server.now())) ?? null,
    withRefreshToken: false,
    // The user takes no part in an exchange.
    withoutIdToken: true,
    // If the request names no audience, the new token has that of the subject token.
    resources: requested.length > 0 ? requested : subject.resources,
    more: { issued_token_type: ACCESS_TOKEN },
  }
}

/** Returns the shorter of two lifetimes; undefined has no expiry. */
function shorter(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
}
