import type { ServerContext } from '../options/server-context.js'
import type { AccessTokenRecord, RefreshTokenRecord } from '../storage/access-token-store.js'
import { digestNow } from '../storage/digest.js'
import { remainingSeconds } from '../storage/expiry.js'
import { isPublic } from './grants/client-may.js'
import type { RefreshSettings } from './grants/grant-settings.js'
import type { Issue, TokenPair, TokenResponse } from './issue.js'
import { signIdToken } from './id-token.js'
import { clientFamily, noteLifetime } from './revoke-family.js'
import { asUniqueIssue, findUniqueTokens, keepUniqueTokens } from './unique-tokens.js'

/** Creates and stores the tokens of an issue, and returns the token response. */
export async function issueTokens(issue: Issue, server: ServerContext): Promise<TokenResponse> {
  const unique = server.uniqueTokens ? await findUniqueTokens(issue, server) : undefined
  const pair = unique ?? (await issuePair(issue, server))
  const { client, grantType, scope, userId, dpopJkt, more } = issue
  const needsIdToken = scope.includes('openid') && userId !== undefined && !issue.withoutIdToken
  const idToken = needsIdToken ? await signIdToken(issue, server, { accessToken: pair.accessToken }) : undefined
  server.emit({ type: 'token.issued', clientId: client.clientId, grantType, scope: scope.join(' '), userId })
  return {
    access_token: pair.accessToken,
    token_type: dpopJkt === undefined ? 'Bearer' : 'DPoP',
    expires_in: remainingSeconds(pair, server.now()),
    refresh_token: pair.refreshToken,
    scope: scope.length === 0 ? undefined : scope.join(' '),
    id_token: idToken,
    authorization_details: issue.authorizationDetails,
    ...more,
  }
}

async function issuePair(given: Issue, server: ServerContext): Promise<TokenPair> {
  const issue = asUniqueIssue(given, server)
  const settings = refreshSettings(issue, server)
  const refresh = settings && (await createRefreshToken(issue, settings, server))
  const saved = refresh && server.stores.accessTokens.saveRefreshToken(refresh.record)
  const issued = issueAccessToken(issue, server, refresh?.record.token)
  // Both are stored before the response is sent, in one go where a store can.
  const accessToken = saved ? (await Promise.all([issued, saved]))[0] : await issued
  const refreshToken = refresh?.token
  const expiresAt = issue.expiresIn == null ? undefined : server.now() + issue.expiresIn * 1000
  const pair: TokenPair = { accessToken, refreshToken, expiresAt }
  if (server.uniqueTokens) await keepUniqueTokens(issue, pair, server)
  return pair
}

/** Creates an access token and stores it by its digest. */
export async function issueAccessToken(issue: Issue, server: ServerContext, refreshToken?: string): Promise<string> {
  const record: Omit<AccessTokenRecord, 'token'> = {
    scope: issue.scope,
    refreshToken,
    dpopJkt: issue.dpopJkt,
    resources: issue.resources,
    isNarrowed: isNarrowed(issue.isNarrowed, issue.resources),
    authorizationDetails: issue.authorizationDetails,
    // Last: each member behind a spread would take a microsecond.
    ...commonRecord(issue, server, issue.expiresIn ?? undefined),
  }
  const generated = server.tokens.generate({ kind: 'access_token', issuer: server.issuer, record, keys: server.keys })
  const token = typeof generated === 'string' ? generated : await generated
  const noted = noteLifetime(server, record)
  const isLongLived = typeof noted === 'boolean' ? noted : await noted
  const saved = { token: digestNow(token), ...record }
  await server.stores.accessTokens.saveToken(saved)
  // The mark of a revocation meanwhile may expire before this token.
  const isRevoked = isLongLived && (await server.stores.accessTokens.findByToken(saved.token)) === undefined
  if (isRevoked) await server.stores.accessTokens.deleteToken(saved.token)
  return token
}

interface CreatedRefreshToken {
  readonly token: string
  readonly record: RefreshTokenRecord
}

function refreshSettings(issue: Issue, { grants }: ServerContext): RefreshSettings | undefined {
  const settings = grants.find(({ refresh }) => refresh)?.refresh
  return settings && needsRefreshToken(issue, settings) ? settings : undefined
}

async function createRefreshToken(issue: Issue, settings: RefreshSettings, server: ServerContext): Promise<CreatedRefreshToken> {
  const generated = server.tokens.generate({ kind: 'refresh_token', issuer: server.issuer })
  const token = typeof generated === 'string' ? generated : await generated
  const { refreshResources = issue.resources } = issue
  const record: RefreshTokenRecord = {
    token: digestNow(token),
    scope: issue.refreshScope ?? issue.scope,
    // RFC 9449, section 5: the refresh token of a confidential client is bound to the client's credentials already.
    dpopJkt: isPublic(issue.client) ? issue.dpopJkt : undefined,
    renews: issue.renews,
    resources: refreshResources?.length ? refreshResources : undefined,
    isNarrowed: isNarrowed(issue.isRefreshNarrowed ?? issue.isNarrowed, refreshResources),
    authorizationDetails: issue.refreshDetails ?? issue.authorizationDetails,
    ...commonRecord(issue, server, settings.expiresIn),
  }
  return { token, record }
}

/** Most records have no such member. */
function isNarrowed(given: boolean | undefined, resources: readonly string[] | undefined): true | undefined {
  return given && resources?.length ? true : undefined
}

function needsRefreshToken({ client, scope, refreshScope, withRefreshToken }: Issue, settings: RefreshSettings): boolean {
  if (!withRefreshToken || (client.grantTypes && !client.grantTypes.includes('refresh_token'))) return false
  return settings.issue === 'always' || (refreshScope ?? scope).includes('offline_access')
}

function commonRecord(
  issue: Issue,
  server: ServerContext,
  lifetime: number | undefined,
): Omit<AccessTokenRecord, 'token' | 'scope' | 'resources'> {
  const { client, grantType, userId, data, sid, claims, authTime, acr, amr } = issue
  const issuedAt = server.now()
  return {
    clientId: client.clientId,
    grantType,
    data,
    families: familiesOf(issue),
    issuedAt,
    expiresAt: lifetime === undefined ? undefined : issuedAt + lifetime * 1000,
    userId,
    sid,
    claims,
    authTime,
    acr,
    amr,
  }
}

/** Only clients that registered themselves can be deleted: the others need no look-up of their family. */
function familiesOf({ client, families }: Issue): readonly string[] {
  return client.registrationToken === undefined ? families : [...new Set([...families, clientFamily(client.clientId)])]
}
