import { OAuthError } from '../../http/oauth-error.js'
import type { AccessTokenRecord } from '../../storage/access-token-store.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { digest } from '../../storage/digest.js'
import { isExpired } from '../../storage/expiry.js'
import { checkActiveUser } from '../check-active-user.js'
import { isForClient } from '../is-for-client.js'
import type { Issue } from '../issue.js'
import { exchangeFamily, TOKEN_EXCHANGE } from '../revoke-family.js'
import { parseScope } from '../scope.js'
import { addActor } from './add-actor.js'
import { isPublic } from './client-may.js'
import { GRANT_OPTIONS, grantBase, lifetimeOf, type Grant, type GrantOptions, type TokenRequest } from './grant.js'
import { grantedScope } from './granted-scope.js'
import { requestedResources, stillAllowedResources } from './requested-resources.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'

/** As many as `resource`: all of them are stored with the token. */
const MAX_AUDIENCES = 20
/** Tokens that one was exchanged for, one after another. */
const MAX_EXCHANGES = 10
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'

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
  /** Whether the default rules allow the exchange. */
  readonly isAllowedByDefault: boolean
}

/** Options of {@link tokenExchange}. */
export interface TokenExchangeOptions extends GrantOptions {
  /**
   * Decides about an exchange, also about one that the default rules refuse. Default: confidential clients may exchange access tokens
   * that were issued to them or have them as an audience (their `clientId`, or one of their `servedResources`), for no other audience.
   * An actor token must meet the same rule. @see RFC 8693, section 2.1; RFC 9700, section 2.3
   */
  readonly isAllowed?: ((request: TokenExchangeRequest) => boolean | Promise<boolean>) | undefined
  /**
   * Accept a bound subject token with a proof by another key than its own, as an API has it that the token was sent to. The new token is
   * bound to the key of the proof. Default false. @see RFC 9449, section 6
   */
  readonly allowRebinding?: boolean | undefined
}

const OPTIONS: MembersOf<TokenExchangeOptions> = { ...GRANT_OPTIONS, isAllowed: true, allowRebinding: true }

/** Creates the token exchange grant: an access token for one with less scope or fewer audiences. @see RFC 8693 */
export function tokenExchange(options: TokenExchangeOptions = {}): Grant {
  checkMembers(options, OPTIONS, { name: 'tokenExchange' })
  const { isAllowed, allowRebinding = false } = options
  return {
    ...grantBase(options),
    grantType: TOKEN_EXCHANGE,
    async handle(request) {
      const { params, client, context } = request
      const tokens = await readTokens(request)
      if (!isAllowed) checkTokens(tokens, request)
      checkKeys(tokens, request, allowRebinding)
      checkChain(tokens)
      const exchange = describe(tokens, request)
      if (isAllowed && !(await isAllowed(exchange)))
        throw new OAuthError('unauthorized_client', 'this client may not exchange this token')
      if (!isAllowed && !exchange.isAllowedByDefault)
        throw new OAuthError('invalid_target', '"resource" or "audience" names one that the subject token is not for')
      await checkActiveUsers(tokens, request)
      const { authorizationDetails } = tokens.subject
      const details = await context.server.authorizationDetails.narrowed(params, authorizationDetails, client)
      return { ...issueExchanged(exchange, request), ...details }
    },
  }
}

type Tokens = Pick<TokenExchangeRequest, 'subject' | 'actor'>

async function readTokens(request: TokenRequest): Promise<Tokens> {
  const type = request.params.get('requested_token_type') ?? ACCESS_TOKEN
  if (type !== ACCESS_TOKEN) throw new OAuthError('invalid_request', '"requested_token_type" must be an access token')
  const subject = await readToken('subject_token', request)
  if (!subject) throw new OAuthError('invalid_request', '"subject_token" is missing')
  return { subject, actor: await readToken('actor_token', request) }
}

async function readToken(name: TokenName, { params, context: { server } }: TokenRequest): Promise<AccessTokenRecord | undefined> {
  const token = params.get(name)
  const type = params.get(`${name}_type`)
  if ((token === undefined) !== (type === undefined))
    throw new OAuthError('invalid_request', `"${name}" and "${name}_type" must be used together`)
  if (token === undefined) return undefined
  if (type !== ACCESS_TOKEN) throw new OAuthError('invalid_request', `"${name}_type" must be that of an access token`)
  const record = await server.stores.accessTokens.findByToken(await digest(token))
  if (record && !isExpired(record, server.now())) return record
  throw unusable(name)
}

type TokenName = 'subject_token' | 'actor_token'

/** The same for a token of others: a client must not learn which tokens are valid. @see RFC 8693, section 2.2.2 */
function unusable(name: TokenName): OAuthError {
  return new OAuthError('invalid_request', `"${name}" is unknown, expired or revoked, or not for this client`)
}

/** Each by the site that signed the user in. */
async function checkActiveUsers({ subject, actor }: Tokens, request: TokenRequest): Promise<void> {
  const { grants } = request.context.server
  for (const token of actor ? [subject, actor] : [subject])
    await checkActiveUser({ ...token, grant: grants.find(({ grantType }) => grantType === token.grantType) }, request)
}

/** Each exchange adds a family, which each use of the token reads. @throws OAuthError `invalid_request` for a chain that is too long */
function checkChain({ subject, actor }: Tokens): void {
  const families = [...subject.families, ...(actor?.families ?? [])]
  if (families.filter((family) => family.startsWith(exchangeFamily(''))).length < MAX_EXCHANGES) return
  throw new OAuthError('invalid_request', `a token was exchanged ${MAX_EXCHANGES} times: exchange the one of the sign-in`)
}

function checkTokens({ subject, actor }: Tokens, { client }: TokenRequest): void {
  if (isPublic(client)) throw new OAuthError('unauthorized_client', 'clients without authentication may not exchange tokens')
  if (!mayExchange(subject, client)) throw unusable('subject_token')
  if (actor && !isForClient(actor, client)) throw unusable('actor_token')
}

/** Without a user, the new token would name this client as its subject, instead of the one that the token was issued to. */
function mayExchange(subject: AccessTokenRecord, client: ClientRecord): boolean {
  return isForClient(subject, client) && (subject.userId !== undefined || subject.clientId === client.clientId)
}

/** A stolen bound token must not become an unbound one, or one that is bound to the key of the thief. @see RFC 9449, section 11.1 */
function checkKeys({ subject, actor }: Tokens, { dpopJkt }: TokenRequest, allowRebinding: boolean): void {
  const isProven = (token: AccessTokenRecord | undefined): boolean => token?.dpopJkt === undefined || token.dpopJkt === dpopJkt
  if (isProven(actor) && (isProven(subject) || (allowRebinding && dpopJkt !== undefined))) return
  throw new OAuthError('invalid_dpop_proof', 'a token is bound to a key: the exchange needs a DPoP proof by that key')
}

function describe(tokens: Tokens, request: TokenRequest): TokenExchangeRequest {
  const { params, client } = request
  const { subject, actor } = tokens
  const resources = requestedResources(params, client) ?? []
  const audience = [...new Set(params.all('audience'))]
  if (audience.length > MAX_AUDIENCES)
    throw new OAuthError('invalid_target', `"audience" is repeated more than ${MAX_AUDIENCES} times`)
  const isOwn = !isPublic(client) && mayExchange(subject, client) && (actor === undefined || isForClient(actor, client))
  const isAllowedByDefault = isOwn && [...resources, ...audience].every((name) => subject.resources?.includes(name) ?? false)
  return { client, ...tokens, scope: exchangedScope(subject, request), resources, audience, isAllowedByDefault }
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

function issueExchanged(
  { client, subject, actor, scope, resources, audience }: TokenExchangeRequest,
  { params, grant, context: { server } }: TokenRequest,
): Issue {
  const requested = [...resources, ...audience]
  const sources = actor ? [subject, actor] : [subject]
  return {
    client,
    grantType: TOKEN_EXCHANGE,
    scope,
    requestedScope: params.get('scope'),
    userId: subject.userId,
    data: addActor(subject, actor),
    // The new token ends with those that it was exchanged for.
    families: [...new Set(sources.flatMap(({ token, families }) => [...families, exchangeFamily(token)]))],
    expiresIn: shortest([lifetimeOf(grant), ...sources.map(({ expiresAt }) => secondsUntil(expiresAt, server.now()))]) ?? null,
    withRefreshToken: false,
    // The user takes no part in an exchange.
    withoutIdToken: true,
    // If the request names no audience, the new token has that of the subject token.
    resources: requested.length > 0 ? requested : stillAllowedResources(subject.resources, client),
    isNarrowed: requested.length > 0 || subject.isNarrowed,
    more: { issued_token_type: ACCESS_TOKEN },
  }
}

/** Not rounded: a new token of whole seconds could outlive a subject token by a part of one. */
function secondsUntil(expiresAt: number | undefined, now: number): number | undefined {
  return expiresAt === undefined ? undefined : (expiresAt - now) / 1000
}

/** Returns the shortest of the lifetimes; undefined has no expiry. */
function shortest(lifetimes: readonly (number | undefined)[]): number | undefined {
  const known = lifetimes.filter((lifetime) => lifetime !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
