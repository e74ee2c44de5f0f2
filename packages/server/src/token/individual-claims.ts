import { isRecord } from '@latchkey/resource/internals'
import type { ClientRecord } from '../storage/client-record.js'
import { CLAIMS_OF_SCOPE, TOKEN_CLAIMS } from './claim-names.js'
import { words } from './scope.js'

/** The `claims` parameter, parsed. @see OpenID Connect Core 1.0, section 5.5 */
export type ClaimsParameter = Readonly<Record<string, unknown>>

/** Names of claims about the user that a request has beside those of its scope, by the response that contains them. */
export interface IndividualClaims {
  /** In ID tokens, those of refreshes included. */
  readonly idToken: readonly string[]
  /** In UserInfo responses. */
  readonly userInfo: readonly string[]
}

/** What decides about claims: the scope names that give them. */
export interface ClaimScopes {
  readonly scopeClaims: Readonly<Record<string, readonly string[]>>
}

/** The two members of the parameter. */
export type ClaimsMember = 'id_token' | 'userinfo'

/** About the sign-in: an ID token has them without a consent of their own. */
const SIGN_IN_CLAIMS: ReadonlySet<string> = new Set(['acr', 'amr'])

/** Returns the names that one member of the parameter has. */
export function claimNames(claims: ClaimsParameter | undefined, member: ClaimsMember): readonly string[] {
  const requested = claims?.[member]
  return isRecord(requested) ? Object.keys(requested) : []
}

/** Returns the claims of a scope. */
export function claimsOfScope(scope: readonly string[], { scopeClaims }: ClaimScopes): ReadonlySet<string> {
  return new Set(scope.flatMap((name) => [...claimsOf(name, CLAIMS_OF_SCOPE), ...claimsOf(name, scopeClaims)]))
}

/** A scope may be called like a member that every object has, such as "constructor". */
function claimsOf(name: string, claims: ClaimScopes['scopeClaims']): readonly string[] {
  return Object.hasOwn(claims, name) ? (claims[name] ?? []) : []
}

/** Returns what the user must agree to one by one: claims about the user that the scope does not give. */
export function individualClaims(
  claims: ClaimsParameter | undefined,
  scope: readonly string[],
  server: ClaimScopes,
): IndividualClaims {
  const ofScope = claimsOfScope(scope, server)
  const names = (member: ClaimsMember): readonly string[] =>
    claimNames(claims, member).filter((name) => isAboutUser(name, member) && !ofScope.has(name))
  return { idToken: names('id_token'), userInfo: names('userinfo') }
}

/** Returns the parameter without the claims about the user that a test refuses. */
export function filterClaims(claims: ClaimsParameter, accepts: (name: string, member: ClaimsMember) => boolean): ClaimsParameter {
  const filtered = (['id_token', 'userinfo'] as const)
    .filter((member) => isRecord(claims[member]))
    .map(
      (member) => [member, filterMember(claims[member], (name) => !isAboutUser(name, member) || accepts(name, member))] as const,
    )
  return { ...claims, ...Object.fromEntries(filtered) }
}

function filterMember(member: unknown, accepts: (name: string) => boolean): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(isRecord(member) ? member : {}).filter(([name]) => accepts(name)))
}

function isAboutUser(name: string, member: ClaimsMember): boolean {
  return name !== 'sub' && !TOKEN_CLAIMS.has(name) && !(member === 'id_token' && SIGN_IN_CLAIMS.has(name))
}

/**
 * Tells whether a client may request a claim by its name: one of its `claims`, or one of a scope name that it may use. A claim of no
 * scope name may be requested by clients without `claims`.
 */
export function mayRequestClaim(name: string, client: ClientRecord, { scopeClaims }: ClaimScopes): boolean {
  const { scope } = client
  const claims = client.claims ?? (client.selfRegistered === true ? [] : undefined)
  if (claims?.includes(name)) return true
  const givers = [...new Set([...Object.keys(CLAIMS_OF_SCOPE), ...Object.keys(scopeClaims)])].filter((giver) =>
    claimsOfScope([giver], { scopeClaims }).has(name),
  )
  if (givers.length === 0) return claims === undefined
  return scope === undefined || words(scope).some((allowed) => givers.includes(allowed))
}
