import type { Exchange, ServerParts } from '../server-parts.js'
import type { AccessTokenRecord, RefreshTokenRecord } from '../storage/access-token-store.js'
import type { ClientRecord } from '../storage/client-store.js'
import { digest } from '../storage/digest.js'
import { signIdToken } from './id-token.js'

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
  readonly expiresIn: number | undefined
  readonly withRefreshToken: boolean
  /** Scope of the refresh token where that of the access token is narrower. */
  readonly refreshScope?: readonly string[]
  readonly sid?: string
  readonly nonce?: string
  /** Seconds since the epoch. */
  readonly authTime?: number
  readonly acr?: string
  readonly amr?: readonly string[]
  readonly resources?: readonly string[]
  readonly claims?: string
  readonly dpopJkt?: string
}

/** A successful token response, by its wire names. @see RFC 6749, section 5.1; OpenID Connect Core 1.0, section 3.1.3.3 */
export interface TokenResponse {
  access_token: string
  token_type: 'Bearer' | 'DPoP'
  expires_in?: number
  refresh_token?: string
  scope?: string
  id_token?: string
  [member: string]: unknown
}

/** Makes and stores the tokens of an issue. @returns the token response */
export async function issueTokens(issue: Issue, exchange: Exchange): Promise<TokenResponse> {
  const { server } = exchange
  const refresh = await issueRefreshToken(issue, server)
  const accessToken = await issueAccessToken(issue, server, refresh && (await digest(refresh)))
  const idToken =
    issue.scope.includes('openid') && issue.userId !== undefined ? await signIdToken(issue, server, { accessToken }) : undefined
  server.emit({
    type: 'token.issued',
    clientId: issue.client.clientId,
    grantType: issue.grantType,
    scope: issue.scope.join(' '),
    ...(issue.userId === undefined ? {} : { userId: issue.userId }),
  })
  return {
    access_token: accessToken,
    token_type: issue.dpopJkt === undefined ? 'Bearer' : 'DPoP',
    ...(issue.expiresIn === undefined ? {} : { expires_in: issue.expiresIn }),
    ...(refresh === undefined ? {} : { refresh_token: refresh }),
    ...(issue.scope.length === 0 ? {} : { scope: issue.scope.join(' ') }),
    ...(idToken === undefined ? {} : { id_token: idToken }),
  }
}

/** @returns a new access token, stored by its digest */
export async function issueAccessToken(issue: Issue, server: ServerParts, refreshToken?: string): Promise<string> {
  const record: Omit<AccessTokenRecord, 'token'> = {
    ...commonRecord(issue, server, issue.expiresIn),
    scope: issue.scope,
    ...(refreshToken === undefined ? {} : { refreshToken }),
  }
  const token = await server.tokens.generate({ kind: 'access_token', issuer: server.issuer, record })
  await server.stores.accessTokens.saveToken({ ...record, token: await digest(token) })
  return token
}

async function issueRefreshToken(issue: Issue, server: ServerParts): Promise<string | undefined> {
  const settings = server.grants.find(({ refresh }) => refresh)?.refresh
  if (!settings || !issue.withRefreshToken) return undefined
  if (issue.client.grantTypes && !issue.client.grantTypes.includes('refresh_token')) return undefined
  if (settings.issue === 'offline_access' && !(issue.refreshScope ?? issue.scope).includes('offline_access')) return undefined
  const token = await server.tokens.generate({ kind: 'refresh_token', issuer: server.issuer })
  const record: RefreshTokenRecord = {
    ...commonRecord(issue, server, settings.expiresIn),
    token: await digest(token),
    scope: issue.refreshScope ?? issue.scope,
    ...(issue.nonce === undefined ? {} : { nonce: issue.nonce }),
  }
  await server.stores.accessTokens.saveRefreshToken(record)
  return token
}

function commonRecord(
  issue: Issue,
  server: ServerParts,
  lifetime: number | undefined,
): Omit<AccessTokenRecord, 'token' | 'scope'> {
  const { client, grantType, userId, data, families, sid, resources, dpopJkt, claims, authTime, acr, amr } = issue
  const issuedAt = server.now()
  const optional = { userId, sid, resources, dpopJkt, claims, authTime, acr, amr }
  return {
    clientId: client.clientId,
    grantType,
    data,
    families,
    issuedAt,
    ...(lifetime === undefined ? {} : { expiresAt: issuedAt + lifetime * 1000 }),
    ...(definedMembers(optional) as Partial<typeof optional> as object),
  }
}

function definedMembers(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
