import { OAuthError } from '../../http/oauth-error.js'
import type { ClientRecord } from '../../storage/client-store.js'

/** One thing that is asked for in detail. Further members are those of its `type`. @see RFC 9396, section 2 */
export interface AuthorizationDetails {
  readonly type: string
  readonly locations?: readonly string[]
  readonly actions?: readonly string[]
  readonly datatypes?: readonly string[]
  readonly identifier?: string
  readonly privileges?: readonly string[]
  readonly [member: string]: unknown
}

/** One kind of authorization details: what its objects may say, and what they mean to a person. @see RFC 9396, sections 3 and 5 */
export interface AuthorizationDetailsType {
  /**
   * Looks at an object of this type, whose common members have been checked. What the type does not know must be refused.
   *
   * @returns what is wrong, in a few words for the client's developer; undefined where nothing is
   */
  readonly check: (
    details: AuthorizationDetails,
    asking: { readonly client: ClientRecord },
  ) => string | undefined | Promise<string | undefined>
  /** @returns one sentence for the consent page, as plain text. Default: all members by their names */
  readonly describe?: (details: AuthorizationDetails) => string
  /**
   * @returns whether a token request asks for no more than was granted. Default: the same members with the same values, of which
   *   `locations`, `actions`, `datatypes` and `privileges` may be fewer
   */
  readonly covers?: (granted: AuthorizationDetails, asked: AuthorizationDetails) => boolean
}

/** Members whose elements each stand for themselves: fewer of them are less. @see RFC 9396, section 2.2 */
export const LISTS: readonly string[] = ['locations', 'actions', 'datatypes', 'privileges']

/** Characters: they are kept with every token, and may stand in it. */
const LONGEST = 8000
/** Objects and lists in one another. */
const DEEPEST = 12

/** What moves or hides text on a page where a person decides: control characters and those that turn its direction. */
const MISLEADING = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u

/** @returns the objects of an `authorization_details` parameter, their common members checked; throws `invalid_authorization_details` */
export function parseAuthorizationDetails(text: string): readonly AuthorizationDetails[] {
  if (text.length > LONGEST) throw invalid(`"authorization_details" is longer than ${LONGEST} characters`)
  const list = parseJson(text)
  if (!Array.isArray(list) || list.length === 0 || !list.every(isAuthorizationDetails))
    throw invalid(
      '"authorization_details" must be a JSON array of objects, each with a "type" and members as RFC 9396, section 2.2 has them',
    )
  if (MISLEADING.test(textsOf(list).join('')))
    throw invalid('"authorization_details" must not have control characters, or such that turn the direction of text')
  return list
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalid('"authorization_details" is not JSON', cause)
  }
}

function isAuthorizationDetails(value: unknown): value is AuthorizationDetails {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('type' in value)) return false
  const members: Readonly<Record<string, unknown>> = { ...value }
  const lists = LISTS.map((name) => members[name]).filter((list) => list !== undefined)
  const { identifier = '' } = members
  return isText(value.type) && isText(identifier) && lists.every((list) => Array.isArray(list) && list.every(isText))
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

/** @returns every name and every text in a JSON value; throws where it is nested too deep to be read by anybody */
function textsOf(value: unknown, depth = 0): readonly string[] {
  if (depth > DEEPEST) throw invalid(`"authorization_details" is nested more than ${DEEPEST} deep`)
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [name, ...textsOf(member, depth + 1)])
}

/** @see RFC 9396, section 5 */
export function invalid(description: string, cause?: unknown): OAuthError {
  return new OAuthError('invalid_authorization_details', description, { cause })
}
