import type { AuthorizationDetails } from '../features/rar/authorization-details.js'
import { defined } from '../options/defined.js'
import type { RefreshSettings } from './grants/grant.js'
import { isPublic } from './grants/client-may.js'
import type { Exchange, ServerParts } from '../options/server-parts.js'
import type { AccessTokenRecord, RefreshTokenRecord } from '../storage/access-token-store.js'
import type { ClientRecord } from '../storage/client-store.js'
import { remainingSeconds } from '../storage/expiry.js'
import { digest } from '../storage/digest.js'
import { signIdToken } from './id-token.js'
import { clientFamily } from './revoke-family.js'
import { findUniqueTokens, keepUniqueTokens } from './unique-tokens.js'

/** What a grant has decided to issue. */
export interface Issue {
  readonly client: ClientRecord
  readonly grantType: string
  readonly scope: readonly string[]
  /** As the client asked for it; the granted scope is told where it differs (RFC 6749, section 5.1). */
  readonly requestedScope: string | undefined
  readonly userId?: string
  readonly data: Readonly<Record<string, unknown>>
  /** The grant's own name first, then the session's where the tokens end with it. */
  readonly families: readonly string[]
  /** Seconds; undefined: never. */
  readonly expiresIn: number | undefined
  readonly withRefreshToken: boolean
  readonly withoutIdToken?: boolean
  /** Scope of the refresh token where that of the access token is narrower. */
  readonly refreshScope?: readonly string[]
  /** Digest of the refresh token that these tokens were issued for. */
  readonly renews?: string
  readonly sid?: string
  readonly nonce?: string
  /** Seconds since the epoch. */
  readonly authTime?: number
  readonly acr?: string
  readonly amr?: readonly string[]
  readonly resources?: readonly string[]
  /** Those of the refresh token where the access token has fewer; empty: no limit. */
  readonly refreshResources?: readonly string[]
  readonly authorizationDetails?: readonly AuthorizationDetails[]
  /** Those of the refresh token where the access token has fewer. */
  readonly refreshDetails?: readonly AuthorizationDetails[]
  readonly claims?: string
  readonly dpopJkt?: string
  /** Members of the token response that only this grant has, by their wire names. */
  readonly more?: Readonly<Record<string, unknown>>
}

/** A successful token response, by its wire names. @see RFC 6749, section 5.1; OpenID Connect Core 1.0, section 3.1.3.3 */
export interface TokenResponse {
  readonly access_token: string
  readonly token_type: string
  readonly expires_in?: number
  readonly refresh_token?: string
  readonly scope?: string
  readonly id_token?: string
  readonly [member: string]: unknown
}

/** Access and refresh token, and when the first expires (milliseconds since the epoch). */
export interface TokenPair {
  readonly accessToken: string
  readonly refreshToken?: string
  readonly expiresAt?: number
}

/** Makes and stores the tokens of an issue. @returns the token response */
export async function issueTokens(issue: Issue, { server }: Exchange): Promise<TokenResponse> {
  const pair = (await findUniqueTokens(issue, server)) ?? (await issuePair(issue, server))
  const { client, grantType, scope, userId, dpopJkt, more } = issue
  const wantsIdToken = scope.includes('openid') && userId !== undefined && !issue.withoutIdToken
  const idToken = wantsIdToken ? await signIdToken(issue, server, { accessToken: pair.accessToken }) : undefined
  server.emit({ type: 'token.issued', clientId: client.clientId, grantType, scope: scope.join(' '), ...defined({ userId }) })
  return {
    access_token: pair.accessToken,
    token_type: dpopJkt === undefined ? 'Bearer' : 'DPoP',
    ...defined({
      expires_in: remainingSeconds(pair, server.now()),
      refresh_token: pair.refreshToken,
      scope: scope.length === 0 ? undefined : scope.join(' '),
      id_token: idToken,
      authorization_details: issue.authorizationDetails,
    }),
    ...more,
  }
}

async function issuePair(issue: Issue, server: ServerParts): Promise<TokenPair> {
  const refreshToken = await issueRefreshToken(issue, server)
  const accessToken = await issueAccessToken(issue, server, refreshToken && (await digest(refreshToken)))
  const expiresAt = issue.expiresIn === undefined ? undefined : server.now() + issue.expiresIn * 1000
  const pair: TokenPair = { accessToken, ...defined({ refreshToken, expiresAt }) }
  await keepUniqueTokens(issue, pair, server)
  return pair
}

/** @returns a new access token, stored by its digest */
export async function issueAccessToken(issue: Issue, server: ServerParts, refreshToken?: string): Promise<string> {
  const record: Omit<AccessTokenRecord, 'token'> = {
    ...commonRecord(issue, server, issue.expiresIn),
    scope: issue.scope,
    ...defined({
      refreshToken,
      dpopJkt: issue.dpopJkt,
      resources: issue.resources,
      authorizationDetails: issue.authorizationDetails,
    }),
  }
  const token = await server.tokens.generate({ kind: 'access_token', issuer: server.issuer, record, keys: server.keys })
  await server.stores.accessTokens.saveToken({ ...record, token: await digest(token) })
  return token
}

async function issueRefreshToken(issue: Issue, server: ServerParts): Promise<string | undefined> {
  const settings = server.grants.find(({ refresh }) => refresh)?.refresh
  if (!settings || !wantsRefreshToken(issue, settings)) return undefined
  const token = await server.tokens.generate({ kind: 'refresh_token', issuer: server.issuer })
  const { refreshResources = issue.resources } = issue
  const record: RefreshTokenRecord = {
    ...commonRecord(issue, server, settings.expiresIn),
    token: await digest(token),
    scope: issue.refreshScope ?? issue.scope,
    // RFC 9449, section 5: that of a confidential client is bound to the client's own credentials already.
    ...defined({
      dpopJkt: isPublic(issue.client) ? issue.dpopJkt : undefined,
      renews: issue.renews,
      resources: refreshResources?.length ? refreshResources : undefined,
      authorizationDetails: issue.refreshDetails ?? issue.authorizationDetails,
    }),
  }
  await server.stores.accessTokens.saveRefreshToken(record)
  return token
}

function wantsRefreshToken({ client, scope, refreshScope, withRefreshToken }: Issue, settings: RefreshSettings): boolean {
  if (!withRefreshToken || (client.grantTypes && !client.grantTypes.includes('refresh_token'))) return false
  return settings.issue === 'always' || (refreshScope ?? scope).includes('offline_access')
}

function commonRecord(
  issue: Issue,
  server: ServerParts,
  lifetime: number | undefined,
): Omit<AccessTokenRecord, 'token' | 'scope' | 'resources'> {
  const { client, grantType, userId, data, sid, claims, authTime, acr, amr } = issue
  const issuedAt = server.now()
  const expiresAt = lifetime === undefined ? undefined : issuedAt + lifetime * 1000
  return {
    clientId: client.clientId,
    grantType,
    data,
    families: familiesOf(issue),
    issuedAt,
    ...defined({ userId, sid, claims, authTime, acr, amr, expiresAt }),
  }
}

/** Only clients that registered themselves can be deleted: the others are spared the look-up. */
function familiesOf({ client, families }: Issue): readonly string[] {
  return client.registrationToken === undefined ? families : [...new Set([...families, clientFamily(client.clientId)])]
}
