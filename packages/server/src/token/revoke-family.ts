import type { ServerContext } from '../options/server-context.js'
import { lifetimeOf } from './grants/grant.js'

/** Revokes every token of a grant or a session. The mark is kept until the last of them would have expired anyway. */
export async function revokeFamily(server: Pick<ServerContext, 'grants' | 'stores' | 'now'>, family: string): Promise<void> {
  const lifetimes = server.grants.flatMap((grant) => [lifetimeOf(grant), ...(grant.refresh ? [grant.refresh.expiresIn] : [])])
  const isBounded = lifetimes.every((lifetime) => lifetime !== undefined)
  const longest = Math.max(60, ...lifetimes.map((lifetime) => lifetime ?? 0))
  await server.stores.accessTokens.revokeFamily(family, isBounded ? server.now() + (longest + 60) * 1000 : undefined)
}

/** The grant type of a token exchange. @see RFC 8693, section 2.1 */
export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** Revokes an access token, and those that it was exchanged for, in all processes. @param token its digest */
export async function revokeAccessToken(server: Pick<ServerContext, 'grants' | 'stores' | 'now'>, token: string): Promise<void> {
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
