import type { ServerParts } from '../options/server-parts.js'
import type { ClientRecord } from '../storage/client-store.js'

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

/** Every claim that a standard scope gives. */
export const STANDARD_CLAIMS: readonly string[] = Object.values(CLAIMS_OF_SCOPE).flat()

/** Whose claims are asked for, by whom, and where they will stand. */
export interface ClaimsQuery {
  readonly client: ClientRecord
  readonly userId?: string
  readonly scope: readonly string[]
  readonly destination: 'id_token' | 'userinfo'
  /** The `claims` parameter of the authorization request. @see OpenID Connect Core 1.0, section 5.5 */
  readonly claims?: string
}

/** Claims that say something about the token or the sign-in; a site's user record cannot set them. */
const OF_THE_TOKEN = new Set([
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

/** @returns the claims about the person that scope and `claims` parameter give, `sub` among them */
export async function grantedClaims(server: ServerParts, query: ClaimsQuery): Promise<Record<string, unknown>> {
  const { userId, scope, client, destination } = query
  if (userId === undefined) return {}
  const known = (await server.site.claims?.(userId, { scope, client, destination })) ?? {}
  const names = new Set(scope.flatMap((name) => [...(CLAIMS_OF_SCOPE[name] ?? []), ...(server.scopeClaims[name] ?? [])]))
  for (const name of requestedClaims(query.claims, destination)) names.add(name)
  const granted = Object.entries(known).filter(
    ([name, value]) => names.has(name) && !OF_THE_TOKEN.has(name) && value !== undefined,
  )
  return { ...Object.fromEntries(granted), sub: userId }
}

/** @returns the names that the `claims` parameter asks for at a place; its syntax was checked with the request */
function requestedClaims(claims: string | undefined, destination: string): readonly string[] {
  if (claims === undefined) return []
  const request: unknown = JSON.parse(claims)
  const members: unknown = isRecord(request) ? request[destination] : undefined
  return isRecord(members) ? Object.keys(members) : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
