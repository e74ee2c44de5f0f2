import type { ServerContext } from '../options/server-context.js'
import type { ClientRecord } from '../storage/client-record.js'
import { TOKEN_CLAIMS } from './claim-names.js'
import { claimNames, claimsOfScope, mayRequestClaim, type ClaimsParameter } from './individual-claims.js'

/** Whose claims are requested, by which client, and for which response. */
export interface ClaimsQuery {
  readonly client: ClientRecord
  readonly userId?: string | undefined
  readonly scope: readonly string[]
  readonly destination: 'id_token' | 'userinfo'
  /** The `claims` parameter of the authorization request. @see OpenID Connect Core 1.0, section 5.5 */
  readonly claims?: string | undefined
}

/** Returns the claims about the user that scope and `claims` parameter give, including `sub`. */
export async function grantedClaims(
  server: Pick<ServerContext, 'site' | 'scopeClaims'>,
  query: ClaimsQuery,
): Promise<Record<string, unknown>> {
  const { userId, scope, client, destination } = query
  if (userId === undefined) return {}
  const known = (await server.site.claims?.(userId, { scope, client, destination })) ?? {}
  const individual = requestedClaims(query.claims, destination).filter((name) => mayRequestClaim(name, client, server))
  const names = new Set([...claimsOfScope(scope, server), ...individual])
  const granted = Object.entries(known).filter(
    ([name, value]) => names.has(name) && !TOKEN_CLAIMS.has(name) && value !== undefined,
  )
  return Object.assign(Object.fromEntries(granted), { sub: userId })
}

/** Returns the claim names that the `claims` parameter requests for a destination; a rule has checked its syntax. */
function requestedClaims(claims: string | undefined, destination: ClaimsQuery['destination']): readonly string[] {
  return claims === undefined ? [] : claimNames(JSON.parse(claims) as ClaimsParameter, destination)
}
