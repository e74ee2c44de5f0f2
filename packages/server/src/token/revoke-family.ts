import type { ServerContext } from '../options/server-context.js'
import { lifetimeOf } from './grants/grant.js'

type RevokingServer = Pick<ServerContext, 'grants' | 'stores' | 'now'>

/** Revokes every token of a grant or a session. The mark is kept until the last of them would have expired anyway. */
export async function revokeFamily(server: RevokingServer, family: string): Promise<void> {
  const { accessTokens, state } = server.stores
  const expiresAt = lastExpiry(server)
  await accessTokens.revokeFamily(family, expiresAt)
  // Read after the mark is set: a token that is issued meanwhile is either noted here, or its issuer sees the mark.
  const noted = await state.get<number | null>(noteOf(family))
  const isLonger = noted === null || (noted !== undefined && expiresAt !== undefined && noted > expiresAt)
  if (isLonger && expiresAt !== undefined) await accessTokens.revokeFamily(family, noted ?? undefined)
}

/**
 * Notes that tokens of these families live longer than the options of the grants say, as those of a custom grant may. Returns whether
 * they do; then the issuer must look whether they were revoked meanwhile.
 */
export function noteLifetime(server: RevokingServer, token: LivingToken): boolean | Promise<boolean> {
  const last = lastExpiry(server)
  const isWithin = last === undefined || (token.expiresAt !== undefined && token.expiresAt <= last)
  return isWithin ? false : noteFamilies(server, token)
}

interface LivingToken {
  readonly families: readonly string[]
  readonly expiresAt?: number | undefined
}

async function noteFamilies({ stores: { state } }: RevokingServer, { families, expiresAt }: LivingToken): Promise<true> {
  for (const family of families) {
    const noted = await state.get<number | null>(noteOf(family))
    const isLess = noted === undefined || (noted !== null && (expiresAt === undefined || expiresAt > noted))
    if (isLess) await state.set(noteOf(family), expiresAt ?? null, expiresAt)
  }
  return true
}

/** The latest time at which a token that is issued now can expire by the options of the grants; undefined: never. */
function lastExpiry({ grants, now }: Pick<RevokingServer, 'grants' | 'now'>): number | undefined {
  const longest = longestLifetimes.get(grants) ?? keepLongestLifetime(grants)
  return longest === Infinity ? undefined : now() + (longest + 60) * 1000
}

const longestLifetimes = new WeakMap<RevokingServer['grants'], number>()

/** In seconds. */
function keepLongestLifetime(grants: RevokingServer['grants']): number {
  const lifetimes = grants.flatMap((grant) => [lifetimeOf(grant), ...(grant.refresh ? [grant.refresh.expiresIn] : [])])
  const longest = Math.max(60, ...lifetimes.map((lifetime) => lifetime ?? Infinity))
  longestLifetimes.set(grants, longest)
  return longest
}

function noteOf(family: string): string {
  return `long-lived:${family}`
}

/** The grant type of a token exchange. @see RFC 8693, section 2.1 */
export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** Revokes an access token, and those that it was exchanged for, in all processes. @param token its digest */
export async function revokeAccessToken(server: RevokingServer, token: string): Promise<void> {
  await server.stores.accessTokens.deleteToken(token)
  if (server.grants.some(({ grantType }) => grantType === TOKEN_EXCHANGE)) await revokeFamily(server, exchangeFamily(token))
}

/** Returns the family of the tokens that an access token was exchanged for. @param token its digest */
export function exchangeFamily(token: string): string {
  return `exchange:${token}`
}

/** Returns the family of all tokens of a client that registered itself: deleting the client revokes them. @see RFC 7592, section 2.3 */
export function clientFamily(clientId: string): string {
  return `client:${clientId}`
}
