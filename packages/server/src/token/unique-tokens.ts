import { CompactEncrypt, compactDecrypt } from 'jose'
import type { ServerParts } from '../options/server-parts.js'
import { isExpired } from '../storage/expiry.js'
import { digest } from '../storage/digest.js'
import type { Issue, TokenPair } from './issue-tokens.js'

/** What is kept so that the same tokens can be given again: encrypted, since stores hold no tokens. */
interface Kept {
  readonly sealed: string
}

/**
 * @returns the living tokens of the same client, grant, person and scope, where the server gives each of them one only
 * @throws TypeError where such a server is to issue tokens that stand for nobody
 */
export async function findUniqueTokens(issue: Issue, server: ServerParts): Promise<TokenPair | undefined> {
  const key = await uniqueKey(issue, server)
  // A refresh asks for new tokens by its nature.
  if (key === undefined || issue.renews !== undefined) return undefined
  const kept = await server.stores.state.get<Kept>(key)
  const pair = kept && (await open(kept, server))
  return pair && (await join(pair, issue, server)) ? pair : undefined
}

/** Tokens of several sign-ins end with each: with its session, or when its code comes again. @returns whether they still live */
async function join(pair: TokenPair, { families }: Issue, server: ServerParts): Promise<boolean> {
  const { accessTokens } = server.stores
  const access = await accessTokens.findByToken(await digest(pair.accessToken))
  const refresh =
    pair.refreshToken === undefined ? undefined : await accessTokens.findByRefreshToken(await digest(pair.refreshToken))
  if (!access || isExpired(access, server.now())) return false
  const isRefreshable = refresh !== undefined && refresh.usedAt === undefined && !isExpired(refresh, server.now())
  if (pair.refreshToken !== undefined && !isRefreshable) return false
  await accessTokens.saveToken({ ...access, families: [...new Set([...access.families, ...families])] })
  if (refresh) await accessTokens.saveRefreshToken({ ...refresh, families: [...new Set([...refresh.families, ...families])] })
  return true
}

/** A refresh that gives less than its refresh token holds is nobody else's business. */
export async function keepUniqueTokens(issue: Issue, pair: TokenPair, server: ServerParts): Promise<void> {
  const key = await uniqueKey(issue, server)
  const { renews, scope, refreshScope, authorizationDetails, refreshDetails = authorizationDetails } = issue
  const hasAll = refreshScope?.length === scope.length && JSON.stringify(refreshDetails) === JSON.stringify(authorizationDetails)
  const isPartial = renews !== undefined && (pair.refreshToken === undefined || !hasAll)
  if (key === undefined || isPartial) return
  const kept: Kept = { sealed: await seal(pair, server) }
  await server.stores.state.set(key, kept, pair.expiresAt)
}

async function uniqueKey(
  { client, grantType, userId, scope, ...limits }: Issue,
  server: ServerParts,
): Promise<string | undefined> {
  if (!server.uniqueTokens) return undefined
  if (userId === undefined)
    throw new TypeError(`uniqueTokens: tokens of the grant "${grantType}" stand for no person to be unique for`)
  const { dpopJkt, resources, refreshResources, authorizationDetails, refreshDetails } = limits
  const about = [client.clientId, grantType, userId, scope.toSorted(), dpopJkt, resources, refreshResources]
  return `unique:${await digest(JSON.stringify([...about, authorizationDetails, refreshDetails]))}`
}

async function seal(pair: TokenPair, server: ServerParts): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(pair))
  return new CompactEncrypt(text).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(await sealingKey(server))
}

async function open({ sealed }: Kept, server: ServerParts): Promise<TokenPair | undefined> {
  try {
    const { plaintext } = await compactDecrypt(sealed, await sealingKey(server))
    return JSON.parse(new TextDecoder().decode(plaintext)) as TokenPair
  } catch {
    // Sealed under another secret, by a process that is gone.
    return undefined
  }
}

/** A key of its own: the secret itself signs form tokens. */
async function sealingKey({ secret }: ServerParts): Promise<Uint8Array> {
  const label = new TextEncoder().encode('latchkey unique tokens')
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array([...label, ...secret])))
}
