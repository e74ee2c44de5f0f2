import { OAuthError } from '../../http/oauth-error.js'
import type { RefreshTokenRecord } from '../../storage/access-token-store.js'
import { digest, digestNow } from '../../storage/digest.js'
import { isExpired } from '../../storage/expiry.js'
import { checkActiveUser } from '../check-active-user.js'
import { checkBoundKey } from '../check-bound-key.js'
import type { Issue } from '../issue.js'
import { revokeFamily } from '../revoke-family.js'
import { parseScope } from '../scope.js'
import type { RefreshSettings } from './grant-settings.js'
import { checkLifetime, grantBase, lifetimeOf, type Grant, type TokenRequest, type TokenServer } from './grant.js'
import { stillAllowedScope } from './granted-scope.js'
import { narrowedResources } from './requested-resources.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'
import { withoutUndefined } from '../../options/without-undefined.js'

/** Options of {@link refreshToken}. */
export interface RefreshTokenOptions {
  /** Lifetime of a refresh token in seconds, from its issue. Default 2,592,000 (30 days); `null`: no expiry. */
  readonly expiresIn?: number | null | undefined
  /** Lifetime in seconds of access tokens from a refresh. Default 3600. */
  readonly accessTokenExpiresIn?: number | null | undefined
  /**
   * Issue a new refresh token with every refresh. Default true. Only for servers whose public clients all use DPoP may it be false
   * (RFC 9700, section 2.2.2). @see RFC 9700, section 4.14.2
   */
  readonly rotate?: boolean | undefined
  /** Revoke the whole family if a rotated refresh token is used again. Default true. */
  readonly reuseDetection?: boolean | undefined
  /**
   * Seconds in which a rotated refresh token may be used again by an identical request, because the response was lost. It ends when
   * one of the new refresh tokens is used, and after three repetitions, whose access tokens live five minutes at most. Default 10; 0: never.
   */
  readonly grace?: number | undefined
  /** Issue refresh tokens `always` (default), or only if the scope has `offline_access`. */
  readonly issue?: 'always' | 'offline_access' | undefined
}

const DEFAULTS: RefreshSettings = { expiresIn: 2_592_000, rotate: true, reuseDetection: true, grace: 10, issue: 'always' }

/** Repetitions of one refresh in the grace period: the response was lost, or tabs have no common lock. */
const MAX_REPETITIONS = 3
/** Seconds. A client that repeats a refresh must soon refresh again, which shows whose refresh token is the stolen one. */
const REPEATED_LIFETIME = 300

const OPTIONS: MembersOf<RefreshTokenOptions> = {
  expiresIn: true,
  accessTokenExpiresIn: true,
  rotate: true,
  reuseDetection: true,
  grace: true,
  issue: true,
}

/** Creates the refresh token grant. Without it, no refresh tokens are issued. @see RFC 6749, section 6 */
export function refreshToken(options: RefreshTokenOptions = {}): Grant {
  checkMembers(options, OPTIONS, { name: 'refreshToken' })
  const { expiresIn = DEFAULTS.expiresIn, accessTokenExpiresIn = 3600, ...behavior } = options
  checkLifetime(expiresIn, 'refreshToken: "expiresIn"')
  checkLifetime(accessTokenExpiresIn, 'refreshToken: "accessTokenExpiresIn"')
  if (behavior.grace !== undefined && !(behavior.grace >= 0)) throw new TypeError('refreshToken: "grace" must be seconds from 0')
  return {
    ...grantBase({ expiresIn: accessTokenExpiresIn }),
    grantType: 'refresh_token',
    refresh: { ...DEFAULTS, ...withoutUndefined(behavior), expiresIn: expiresIn ?? undefined },
    handle: refresh,
  }
}

async function refresh(request: TokenRequest): Promise<Issue> {
  const { params, client, grant, context } = request
  const { server } = context
  const record = await findRecord(request)
  const settings = grant.refresh ?? DEFAULTS
  // Before the token is consumed: a sender without the key must not be able to end the session.
  checkBoundKey(record.dpopJkt, request.dpopJkt)
  const issuedBy = server.grants.find(({ grantType }) => grantType === record.grantType)
  const allowed = stillAllowedScope(record.scope, { grant: issuedBy ?? grant, client, server })
  const scope = narrowedScope(params.get('scope'), { ...record, scope: allowed })
  const resources = narrowedResources(params, record.resources, client, record.isNarrowed)
  const details = await server.authorizationDetails.narrowed(params, record.authorizationDetails, client)
  const signedInBy = server.grants.find(({ grantType }) => grantType === record.grantType)
  await checkActiveUser({ userId: record.userId, scope: record.scope, grant: signedInBy }, request)
  const isRepeated = settings.rotate && (await consumeRefreshToken(record, settings, request))
  const { grantType, userId, data, families, sid, nonce, authTime, acr, amr, claims, dpopJkt } = record
  return {
    client,
    grantType,
    userId,
    data,
    families,
    sid,
    nonce,
    authTime,
    acr,
    amr,
    claims,
    dpopJkt,
    refreshDetails: record.authorizationDetails,
    scope,
    expiresIn: isRepeated ? Math.min(lifetimeOf(grant) ?? Infinity, REPEATED_LIFETIME) : grant.expiresIn,
    requestedScope: params.get('scope'),
    withRefreshToken: settings.rotate,
    refreshScope: record.scope,
    renews: record.token,
    ...resources,
    ...details,
  }
}

async function findRecord({ params, client, context: { server } }: TokenRequest): Promise<RefreshTokenRecord> {
  const token = params.get('refresh_token')
  if (token === undefined) throw new OAuthError('invalid_request', '"refresh_token" is missing')
  const record = await server.stores.accessTokens.findByRefreshToken(digestNow(token))
  if (!record || record.clientId !== client.clientId || isExpired(record, server.now())) throw invalidToken()
  return record
}

/** The scope of the access token may be narrower; the refresh token keeps its scope. @see RFC 6749, section 6 */
function narrowedScope(requested: string | undefined, record: RefreshTokenRecord): readonly string[] {
  const scope = parseScope(requested)
  if (scope.length === 0) return record.scope
  if (scope.every((name) => record.scope.includes(name))) return scope
  throw new OAuthError('invalid_scope', '"scope" requests more than the refresh token was granted')
}

/**
 * Marks the refresh token as used, in one step between all processes. Throws OAuthError, and revokes the family, if it was used
 * before; except for an identical request in the grace period.
 *
 * @returns whether it is such a repetition
 */
async function consumeRefreshToken(
  record: RefreshTokenRecord,
  settings: RefreshSettings,
  request: TokenRequest,
): Promise<boolean> {
  const { server } = request.context
  const [isSameBranch, former] = await Promise.all([
    settings.grace === 0 || staysOnOneBranch(record, request),
    server.stores.accessTokens.useRefreshToken(record, server.now()),
  ])
  if (isSameBranch && !former) return false
  const event = { clientId: record.clientId, userId: record.userId }
  // A clock that was set back must not make the period longer.
  const isInTime = former !== undefined && Math.abs(server.now() - former.usedAt) < settings.grace * 1000
  if (isSameBranch && isInTime && !(await server.stores.state.get(successorKey(record.token)))) {
    if (!(await countRepetition(record, server))) throw invalidToken()
    server.emit({ type: 'refresh_token.repeated', ...event })
    return true
  }
  server.emit({ type: 'refresh_token.replayed', ...event })
  if (settings.reuseDetection) await Promise.all(record.families.slice(0, 1).map((family) => revokeFamily(server, family)))
  throw invalidToken()
}

/**
 * With a grace period, several refresh tokens may replace one. The first of them that is used is the one that arrived: it ends the
 * grace period, and the others become invalid. Only an identical request is a repetition.
 */
async function staysOnOneBranch(record: RefreshTokenRecord, { params, dpopJkt, context }: TokenRequest): Promise<boolean> {
  const { state } = context.server.stores
  const claim = async (key: string, value: string): Promise<boolean> =>
    (await state.add(key, value, record.expiresAt)) || (await state.get<string>(key)) === value
  const request = [params.get('scope'), params.all('resource'), params.get('authorization_details'), dpopJkt]
  const [isSuccessor, isRepetition] = await Promise.all([
    record.renews === undefined || claim(successorKey(record.renews), record.token),
    claim(`refresh-request:${record.token}`, await digest(JSON.stringify(request))),
  ])
  return isSuccessor && isRepetition
}

/** Returns false if there were too many. */
async function countRepetition({ token, expiresAt }: RefreshTokenRecord, { stores }: TokenServer): Promise<boolean> {
  for (let index = 0; index < MAX_REPETITIONS; index += 1)
    if (await stores.state.add(`refresh-repetition:${token}:${index}`, 1, expiresAt)) return true
  return false
}

/** The store's key for the refresh token that replaced this one. */
function successorKey(token: string): string {
  return `refresh-successor:${token}`
}

function invalidToken(): OAuthError {
  return new OAuthError('invalid_grant', 'the refresh token is unknown, expired, revoked, or was used before')
}
