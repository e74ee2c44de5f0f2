import { isRecord } from '../http/is-record.js'
import type { ServerContext } from '../options/server-context.js'
import type { ClientRecord } from '../storage/client-record.js'

/** @see OpenID Connect Core 1.0, section 5.4 */
const CLAIMS_OF_SCOPE: Readonly<Record<string, readonly string[]>> = {
  profile: [
    'name',
    'family_name',
    'given_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
}

/** All claims of the standard scope names. */
export const STANDARD_CLAIMS: readonly string[] = Object.values(CLAIMS_OF_SCOPE).flat()

/** Whose claims are requested, by which client, and for which response. */
export interface ClaimsQuery {
  readonly client: ClientRecord
  readonly userId?: string | undefined
  readonly scope: readonly string[]
  readonly destination: 'id_token' | 'userinfo'
  /** The `claims` parameter of the authorization request. @see OpenID Connect Core 1.0, section 5.5 */
  readonly claims?: string | undefined
}

/** Claims about the token or the sign-in; a site's user record cannot set them. */
const TOKEN_CLAIMS = new Set([
  'iss',
  'aud',
  'exp',
  'iat',
  'nbf',
  'jti',
  'azp',
  'nonce',
  'at_hash',
  'c_hash',
  's_hash',
  'sid',
  'auth_time',
])

/** Returns the claims about the user that scope and `claims` parameter give, including `sub`. */
export async function grantedClaims(
  server: Pick<ServerContext, 'site' | 'scopeClaims'>,
  query: ClaimsQuery,
): Promise<Record<string, unknown>> {
  const { userId, scope, client, destination } = query
  if (userId === undefined) return {}
  const known = (await server.site.claims?.(userId, { scope, client, destination })) ?? {}
  const names = new Set(scope.flatMap((name) => [...(CLAIMS_OF_SCOPE[name] ?? []), ...(server.scopeClaims[name] ?? [])]))
  for (const name of requestedClaims(query.claims, destination)) names.add(name)
  const granted = Object.entries(known).filter(
    ([name, value]) => names.has(name) && !TOKEN_CLAIMS.has(name) && value !== undefined,
  )
  return { ...Object.fromEntries(granted), sub: userId }
}

/** Returns the claim names that the `claims` parameter requests for a destination; a rule has checked its syntax. */
function requestedClaims(claims: string | undefined, destination: string): readonly string[] {
  if (claims === undefined) return []
  const request: unknown = JSON.parse(claims)
  const members: unknown = isRecord(request) ? request[destination] : undefined
  return isRecord(members) ? Object.keys(members) : []
}
