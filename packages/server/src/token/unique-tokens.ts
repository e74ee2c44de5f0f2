import { CompactEncrypt, compactDecrypt } from 'jose'
import type { ServerContext } from '../options/server-context.js'
import { digest } from '../storage/digest.js'
import { isExpired } from '../storage/expiry.js'
import type { Issue, TokenPair } from './issue.js'
import { isUniqueFamily, joinFamilies, newUniqueFamily } from './joined-families.js'

type UniqueTokenServer = Pick<ServerContext, 'uniqueTokens' | 'stores' | 'secret' | 'now'>

/** A stored token pair: encrypted, since stores hold no tokens. */
interface StoredPair {
  readonly sealed: string
}

/**
 * Returns the valid tokens of the same client, grant, user, scope and sign-in, if the server issues each of them once.
 *
 * @throws TypeError if such a server is to issue tokens without a user
 */
export async function findUniqueTokens(issue: Issue, server: UniqueTokenServer): Promise<TokenPair | undefined> {
  if (!server.uniqueTokens) return undefined
  const key = await uniqueKey(issue)
  // A refresh always requests new tokens.
  if (issue.renews !== undefined) return undefined
  const stored = await server.stores.state.get<StoredPair>(key)
  const pair = stored && (await open(stored, server))
  return pair && (await join(pair, issue, server)) ? pair : undefined
}

/** Returns the issue of new tokens, with a family that others can join. After a refresh it is another one than before. */
export function asUniqueIssue(issue: Issue, { uniqueTokens }: Pick<UniqueTokenServer, 'uniqueTokens'>): Issue {
  if (!uniqueTokens) return issue
  return { ...issue, families: [...issue.families.filter((family) => !isUniqueFamily(family)), newUniqueFamily()] }
}

/** Adds the families of another issue to the tokens, which end with any of them. Returns whether the tokens are still valid. */
async function join(pair: TokenPair, issue: Issue, server: UniqueTokenServer): Promise<boolean> {
  const { accessTokens, state } = server.stores
  const access = await accessTokens.findByToken(await digest(pair.accessToken))
  const refresh =
    pair.refreshToken === undefined ? undefined : await accessTokens.findByRefreshToken(await digest(pair.refreshToken))
  const now = server.now()
  if (!access || isExpired(access, now) || outlives(access.expiresAt, issue, now)) return false
  const isRefreshable = refresh !== undefined && refresh.usedAt === undefined && !isExpired(refresh, now)
  if (pair.refreshToken !== undefined && !isRefreshable) return false
  return joinFamilies(state, refresh ? [access, refresh] : [access], issue.families)
}

/** An exchanged token, for example, must not live longer than the token that it is requested for. */
function outlives(expiresAt: number | undefined, { expiresIn }: Issue, now: number): boolean {
  return expiresIn != null && (expiresAt === undefined || expiresAt > now + expiresIn * 1000)
}

/**
 * Stores new tokens in place of those before. Not those of a refresh that narrowed them, or that issued no refresh token (`rotate: false`):
 * another request gets an access token together with the refresh token of its grant.
 */
export async function keepUniqueTokens(issue: Issue, pair: TokenPair, server: UniqueTokenServer): Promise<void> {
  const { renews, scope, refreshScope, authorizationDetails, refreshDetails = authorizationDetails } = issue
  const hasAll = refreshScope?.length === scope.length && JSON.stringify(refreshDetails) === JSON.stringify(authorizationDetails)
  const isNarrowed = renews !== undefined && (pair.refreshToken === undefined || !hasAll)
  if (isNarrowed) return
  const stored: StoredPair = { sealed: await seal(pair, server) }
  await server.stores.state.set(await uniqueKey(issue), stored, pair.expiresAt)
}

/** What a token says of its client, user, sign-in and limits. The ID token is always a new one. */
async function uniqueKey({ client, grantType, userId, scope, ...limits }: Issue): Promise<string> {
  if (userId === undefined) throw new TypeError(`uniqueTokens: tokens of the grant "${grantType}" have no user`)
  const { dpopJkt, resources, isNarrowed, authorizationDetails, withRefreshToken, acr, amr, authTime, claims, data } = limits
  // A refresh states what a custom grant leaves to its default: both are the same tokens.
  const { refreshResources = resources ?? [], refreshDetails = authorizationDetails } = limits
  const members = [
    client.clientId,
    grantType,
    userId,
    scope.toSorted(),
    dpopJkt,
    resources,
    resources && isNarrowed === true,
    refreshResources,
  ]
  const reached = [withRefreshToken, acr, amr, authTime, claims, sorted(data)]
  return `unique:${await digest(JSON.stringify([...members, authorizationDetails, refreshDetails, reached]))}`
}

/** Some stores, such as PostgreSQL with `jsonb`, do not keep the order of members. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  // Stored data, which a refresh reads, has no undefined members.
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  return entries.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([name, member]) => [name, sorted(member)])
}

async function seal(pair: TokenPair, server: UniqueTokenServer): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(pair))
  return new CompactEncrypt(text).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(await sealingKey(server))
}

async function open({ sealed }: StoredPair, server: UniqueTokenServer): Promise<TokenPair | undefined> {
  try {
    const { plaintext } = await compactDecrypt(sealed, await sealingKey(server))
    return JSON.parse(new TextDecoder().decode(plaintext)) as TokenPair
  } catch {
    // Sealed under the secret of an earlier process.
    return undefined
  }
}

/** A separate key: the secret itself signs form tokens. */
async function sealingKey({ secret }: UniqueTokenServer): Promise<Uint8Array> {
  const label = new TextEncoder().encode('latchkey unique tokens')
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array([...label, ...secret])))
}
