import { checkBoundKey } from '../../features/dpop/check-bound-key.js'
import { narrowedDetails } from '../../features/rar/requested-details.js'
import { defined } from '../../options/defined.js'
import { OAuthError } from '../../http/oauth-error.js'
import { parseScope } from '../scope.js'
import type { RefreshTokenRecord } from '../../storage/access-token-store.js'
import { isExpired } from '../../storage/expiry.js'
import { digest } from '../../storage/digest.js'
import type { Issue } from '../issue-tokens.js'
import { revokeFamily } from '../revoke-family.js'
import { grantBase, type Grant, type RefreshSettings, type TokenRequest } from './grant.js'
import { narrowedResources } from './requested-resources.js'

export interface RefreshTokenOptions {
  /** Seconds that a refresh token lives from its issue. Default 2,592,000 (30 days); `null`: for ever. */
  readonly expiresIn?: number | null
  /** Seconds that access tokens from a refresh live. Default 3600. */
  readonly accessTokenExpiresIn?: number | null
  /** Issue a new refresh token with every refresh. Default true. @see RFC 9700, section 4.14.2 */
  readonly rotate?: boolean
  /** End the whole family when a rotated refresh token comes again. Default true. */
  readonly reuseDetection?: boolean
  /**
   * Seconds in which a rotated refresh token may come again with the very same request, because the answer was lost; no longer than
   * until something that came of it is used. Default 0: never.
   */
  readonly grace?: number
  /** Issue refresh tokens `always` (default), or only where the scope has `offline_access`. */
  readonly issue?: 'always' | 'offline_access'
}

const DEFAULTS: RefreshSettings = { expiresIn: 2_592_000, rotate: true, reuseDetection: true, grace: 0, issue: 'always' }

/** The refresh token grant: refresh tokens are issued, and taken, once it is added. @see RFC 6749, section 6 */
export function refreshToken(options: RefreshTokenOptions = {}): Grant {
  const { expiresIn = DEFAULTS.expiresIn, ...behavior } = options
  if (expiresIn != null && !(expiresIn > 0)) throw new TypeError('refreshToken: "expiresIn" must be seconds above 0, or null')
  if (behavior.grace !== undefined && !(behavior.grace >= 0)) throw new TypeError('refreshToken: "grace" must be seconds from 0')
  return {
    ...grantBase({ expiresIn: options.accessTokenExpiresIn === undefined ? 3600 : options.accessTokenExpiresIn }),
    grantType: 'refresh_token',
    refresh: { ...DEFAULTS, ...behavior, expiresIn: expiresIn ?? undefined },
    handle: refresh,
  }
}

async function refresh(request: TokenRequest): Promise<Issue> {
  const { params, client, grant, exchange } = request
  const settings = grant.refresh ?? DEFAULTS
  const token = params.get('refresh_token')
  if (token === undefined) throw new OAuthError('invalid_request', '"refresh_token" is missing')
  const record = await exchange.server.stores.accessTokens.findByRefreshToken(await digest(token))
  if (!record || record.clientId !== client.clientId) throw refused()
  if (isExpired(record, exchange.server.now())) throw refused()
  // Before the token is spent: who does not hold the key must not be able to end the session.
  checkBoundKey(record.dpopJkt, request.dpopJkt)
  const scope = narrowedScope(params.get('scope'), record)
  const resources = narrowedResources(params, record.resources)
  const narrowed = await narrowedDetails(params, record.authorizationDetails, { client, server: exchange.server })
  if (!(await isStillActive(record, request))) throw refused()
  if (settings.rotate) await spend(record, settings, request)
  const {
    token: _token,
    clientId: _clientId,
    expiresAt: _at,
    issuedAt: _issued,
    usedAt: _used,
    authorizationDetails,
    ...granted
  } = record
  return {
    ...granted,
    ...resources,
    ...narrowed,
    ...defined({ refreshDetails: authorizationDetails }),
    client,
    scope,
    expiresIn: grant.expiresIn,
    requestedScope: params.get('scope'),
    withRefreshToken: settings.rotate,
    refreshScope: record.scope,
    renews: record.token,
  }
}

/** Asked of the site that knows the person: a grant may have one of its own. */
async function isStillActive(record: RefreshTokenRecord, { client, exchange: { server } }: TokenRequest): Promise<boolean> {
  const { userId, scope, grantType } = record
  const site = server.grants.find((grant) => grant.grantType === grantType)?.site ?? server.site
  return userId === undefined || site.isActive(userId, { client, scope })
}

/** The scope may only shrink; the refresh token itself keeps its own. @see RFC 6749, section 6 */
function narrowedScope(requested: string | undefined, record: RefreshTokenRecord): readonly string[] {
  const scope = parseScope(requested)
  if (scope.length === 0) return record.scope
  if (scope.every((name) => record.scope.includes(name))) return scope
  throw new OAuthError('invalid_scope', '"scope" asks for more than the refresh token was granted')
}

async function spend(record: RefreshTokenRecord, settings: RefreshSettings, request: TokenRequest): Promise<void> {
  const { server } = request.exchange
  const isOneBranch = settings.grace === 0 || (await keepsToOneBranch(record, request))
  const former = await server.stores.accessTokens.useRefreshToken(record, server.now())
  if (isOneBranch && !former) return
  const about = { clientId: record.clientId, ...(record.userId === undefined ? {} : { userId: record.userId }) }
  const isInTime = former !== undefined && server.now() - former.usedAt < settings.grace * 1000
  if (isOneBranch && isInTime && !(await server.stores.state.get(heirOf(record.token)))) {
    server.emit({ type: 'refresh_token.repeated', ...about })
    return
  }
  server.emit({ type: 'refresh_token.replayed', ...about })
  if (settings.reuseDetection) await Promise.all(record.families.slice(0, 1).map((family) => revokeFamily(server, family)))
  throw refused()
}

/**
 * Where a request may be repeated, several refresh tokens come in place of one. The first of them that is used is the one that
 * arrived: with it the grace is over, and the others are worth nothing. And only the same request is a repeated one.
 */
async function keepsToOneBranch(record: RefreshTokenRecord, { params, dpopJkt, exchange }: TokenRequest): Promise<boolean> {
  const { state } = exchange.server.stores
  const claim = async (key: string, value: string): Promise<boolean> =>
    (await state.add(key, value, record.expiresAt)) || (await state.get<string>(key)) === value
  const isHeir = record.renews === undefined || (await claim(heirOf(record.renews), record.token))
  const asked = [params.get('scope'), params.all('resource'), params.get('authorization_details'), dpopJkt]
  return (await claim(`refresh-request:${record.token}`, await digest(JSON.stringify(asked)))) && isHeir
}

function heirOf(token: string): string {
  return `refresh-heir:${token}`
}

function refused(): OAuthError {
  return new OAuthError('invalid_grant', 'the refresh token is unknown, expired, revoked, or was used before')
}
