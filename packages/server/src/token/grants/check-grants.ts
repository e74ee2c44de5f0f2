import { findSimilar } from '../../options/find-similar.js'
import { orderedResponseType } from '../../authorize/response-type.js'
import { words } from '../scope.js'
import type { Grant } from './grant.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'

/** What the authorization endpoint can issue. @see OAuth 2.0 Multiple Response Type Encoding Practices, sections 3 to 5 */
const RESPONSE_TYPES: readonly string[] = [
  'code',
  'token',
  'id_token',
  'id_token token',
  'code id_token',
  'code token',
  'code id_token token',
  'none',
]
const MEMBERS: MembersOf<Grant> = {
  grantType: true,
  responseTypes: true,
  expiresIn: true,
  scopes: true,
  defaultScope: true,
  site: true,
  code: true,
  refresh: true,
  isClientOptional: true,
  handle: true,
}
const KNOWN: ReadonlySet<string> = new Set(RESPONSE_TYPES.map(orderedResponseType))

/** Throws a TypeError for a grant that could never issue anything. */
export function checkGrants(grants: readonly Grant[]): void {
  for (const grant of grants) checkGrant(grant)
}

function checkGrant(grant: unknown): void {
  if (typeof grant === 'function')
    throw new TypeError(`grants: expected what a function returns, not the function: call it, "${grant.name}()"`)
  if (typeof grant !== 'object' || grant === null) throw new TypeError(`grants: expected a grant, got ${String(grant)}`)
  const { grantType, responseTypes, handle } = grant as Partial<Grant>
  checkMembers(grant, MEMBERS, { name: 'grants', of: grantType })
  if (handle === undefined && !responseTypes?.length)
    throw new TypeError(`grants: "${grantType ?? ''}" needs "handle", for the token endpoint, or "responseTypes"`)
  for (const responseType of responseTypes ?? []) checkResponseType(responseType, grantType)
}

function checkResponseType(responseType: string, grantType: string | undefined): void {
  if (KNOWN.has(orderedResponseType(responseType))) return
  const similar = words(responseType).map((word) => findSimilar(word, ['code', 'token', 'id_token']) ?? word)
  const hint = KNOWN.has(orderedResponseType(similar.join(' '))) ? ` Did you mean "${similar.join(' ')}"?` : ''
  const of = grantType === undefined ? '' : ` of "${grantType}"`
  throw new TypeError(`grants: "${responseType}"${of} is an unknown response type. Known: ${RESPONSE_TYPES.join(', ')}.${hint}`)
}
