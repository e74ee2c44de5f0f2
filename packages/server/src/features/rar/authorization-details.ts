import { OAuthError } from '../../http/oauth-error.js'
import { isMisleading } from '../../http/plain-text.js'
import type { AuthorizationDetails } from '../../storage/authorization-details.js'
import type { ClientRecord } from '../../storage/client-record.js'

/** One type of authorization details: what its objects may contain, and what they mean to a user. @see RFC 9396, sections 3 and 5 */
export interface AuthorizationDetailsType {
  /**
   * Checks an object of this type; its common members have been checked. Members that the type does not define must be refused.
   *
   * @returns what is wrong, in a few words for the client's developer; undefined if nothing is
   */
  readonly check: (
    details: AuthorizationDetails,
    request: { readonly client: ClientRecord },
  ) => string | undefined | Promise<string | undefined>
  /** Returns one sentence for the consent page, as plain text. Default: all members by their names. */
  readonly describe?: ((details: AuthorizationDetails) => string) | undefined
  /**
   * Tells whether a token request requests no more than was granted. Default: the same members with the same values, of which
   * `locations`, `actions`, `datatypes` and `privileges` may have fewer elements.
   */
  readonly covers?: ((granted: AuthorizationDetails, requested: AuthorizationDetails) => boolean) | undefined
}

/** Members whose elements are independent: a list with fewer elements grants less. @see RFC 9396, section 2.2 */
export const LISTS: readonly string[] = ['locations', 'actions', 'datatypes', 'privileges']

/** Characters: the details are stored with every token, and may be part of it. */
const MAX_LENGTH = 8000
/** Nested objects and lists. */
const MAX_DEPTH = 12

/** Objects: a user has to read all of them. */
const MAX_COUNT = 20

/** Returns the objects of an `authorization_details` parameter after checking their common members. Throws `invalid_authorization_details`. */
export function parseAuthorizationDetails(text: string): readonly AuthorizationDetails[] {
  if (text.length > MAX_LENGTH) throw invalidDetails(`"authorization_details" is longer than ${MAX_LENGTH} characters`)
  const list = parseJson(text)
  if (!Array.isArray(list) || list.length === 0 || !list.every(isAuthorizationDetails)) {
    throw invalidDetails(
      '"authorization_details" must be a JSON array of objects, each with a "type" and members as in RFC 9396, section 2.2',
    )
  }
  if (list.length > MAX_COUNT) throw invalidDetails(`"authorization_details" has more than ${MAX_COUNT} objects`)
  if (textsOf(list).some(isMisleading))
    throw invalidDetails('"authorization_details" must not contain characters that are hidden or change the text direction')

  return list
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalidDetails('"authorization_details" is not JSON', cause)
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

/** Returns every name and every string in a JSON value. Throws if it is nested too deep, or has a number that no token can repeat. */
function textsOf(value: unknown, depth = 0): readonly string[] {
  // JSON reads `1e400` as infinity, and writes that as null: the user would see another amount than the API.
  if (typeof value === 'number' && !Number.isFinite(value))
    throw invalidDetails('"authorization_details" has a number that is too large')
  if (depth > MAX_DEPTH) throw invalidDetails(`"authorization_details" is nested more than ${MAX_DEPTH} levels deep`)
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [name, ...textsOf(member, depth + 1)])
}

/** Creates the error of RFC 9396, section 5. */
export function invalidDetails(description: string, cause?: unknown): OAuthError {
  return new OAuthError('invalid_authorization_details', description, { cause })
}
