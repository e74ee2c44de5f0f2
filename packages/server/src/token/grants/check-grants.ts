import { findSimilar } from '../../options/find-similar.js'
import { orderedResponseType } from '../../authorize/response-type.js'
import { words } from '../scope.js'
import { checkLifetime, type Grant } from './grant.js'
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
  authorize: true,
  responseMode: true,
}
/** @see RFC 6749, section 8.4 */
const CUSTOM_SYNTAX = /^\w+( \w+)*$/
const KNOWN: ReadonlySet<string> = new Set(RESPONSE_TYPES.map(orderedResponseType))

/** Throws a TypeError for a grant that could never issue anything. */
export function checkGrants(grants: readonly Grant[]): void {
  for (const grant of grants) checkGrant(grant)
}

function checkGrant(grant: unknown): void {
  if (typeof grant === 'function')
    throw new TypeError(`grants: expected what a function returns, not the function: call it, "${grant.name}()"`)
  if (typeof grant !== 'object' || grant === null) throw new TypeError(`grants: expected a grant, got ${String(grant)}`)
  const { grantType, responseTypes = [], handle, authorize, expiresIn } = grant as Partial<Grant>
  checkMembers(grant, MEMBERS, { name: 'grants', of: grantType })
  checkLifetime(expiresIn, `grants: "expiresIn" of "${grantType}"`)
  const hasResponseTypes = responseTypes.length > 0
  if (!handle && !hasResponseTypes)
    throw new TypeError(`grants: "${grantType}" needs "handle", for the token endpoint, or "responseTypes"`)
  if (authorize && !hasResponseTypes) throw new TypeError(`grants: "authorize" of "${grantType}" needs "responseTypes"`)
  for (const responseType of responseTypes) checkResponseType(responseType, { grantType, isCustom: authorize !== undefined })
}

interface Owner {
  readonly grantType: string | undefined
  /** Whether the grant creates the response itself. */
  readonly isCustom: boolean
}

function checkResponseType(responseType: string, { grantType, isCustom }: Owner): void {
  if (KNOWN.has(orderedResponseType(responseType)) || (isCustom && CUSTOM_SYNTAX.test(responseType))) return
  const similar = words(responseType).map((word) => findSimilar(word, ['code', 'token', 'id_token']) ?? word)
  const hint = KNOWN.has(orderedResponseType(similar.join(' '))) ? ` Did you mean "${similar.join(' ')}"?` : ''
  const of = grantType === undefined ? '' : ` of "${grantType}"`
  throw new TypeError(`grants: "${responseType}"${of} is an unknown response type. Known: ${RESPONSE_TYPES.join(', ')}.${hint}`)
}
