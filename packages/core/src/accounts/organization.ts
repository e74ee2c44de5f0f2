import type { ClientOptions } from '../client/client-options.js'
import { createError } from '../errors/create-error.js'
import type { ValidationError } from '../errors/errors.js'
import { requireKind } from '../errors/require-kind.js'

/** How organizations are named in requests and in ID tokens. */
export interface OrganizationOptions {
  /** The parameter of the authorization request that names the organization. Default `organization`. */
  readonly organizationParameter?: string | undefined
  /**
   * The claim of the ID token that names the organization; compared exactly. Default: `org_id`, compared exactly, or for a request by name
   * `org_name`, compared without regard to case.
   */
  readonly organizationClaim?: string | undefined
}

/** @returns the organization that an ID token names */
export function organizationOf(claims: Readonly<Record<string, unknown>>, claim?: string): string | undefined {
  if (claim !== undefined) return textOf(claims[claim])
  return textOf(claims['org_id']) ?? textOf(claims['org_name'])
}

/** Some servers list the organization. A list of several names no single one. */
function textOf(value: unknown): string | undefined {
  const [only, ...others] = [value].flat()
  return typeof only === 'string' && others.length === 0 ? only : undefined
}

/**
 * Checks that an ID token is for the requested organization.
 *
 * @throws ValidationError organization_mismatch
 */
export function checkOrganization(claims: Readonly<Record<string, unknown>>, requested: string, claim?: string): void {
  const isRequested = claim === undefined ? isIdOrName(claims, requested) : organizationOf(claims, claim) === requested
  if (!isRequested) throw otherOrganization(requested, organizationOf(claims, claim))
}

/** A name that looks like an id must not be taken for one. */
function isIdOrName(claims: Readonly<Record<string, unknown>>, requested: string): boolean {
  if (textOf(claims['org_id']) === requested) return true
  return !requested.startsWith('org_') && textOf(claims['org_name'])?.toLowerCase() === requested.toLowerCase()
}

/** @param received undefined if the ID token names none */
export function otherOrganization(expected: string | undefined, received: string | undefined): ValidationError {
  const [wanted, given] = [expected, received].map((name) => (name === undefined ? 'no organization' : JSON.stringify(name)))
  return createError('organization_mismatch', `The ID token names ${given}: expected ${wanted}. The tokens are not used.`, {
    hint: 'Check that the user is a member of the organization, and that the server adds the claim to ID tokens ("organizationClaim").',
  })
}

/**
 * Adds the sign-in to one organization to the options of a client: each authorization request names it, and each ID token, of a sign-in or
 * of a refresh, must name the same one. For an app with one account; `createAccounts` has `add({ organization })`.
 *
 * @throws ConfigurationError for an empty organization. The client's `login()` rejects with ValidationError organization_mismatch
 * @example
 * const client = createOAuthClient(withOrganization({ issuer: 'https://id.example.com', clientId: 'spa' }, 'org_acme'))
 */
export function withOrganization<Claims>(
  options: ClientOptions<Claims>,
  organization: string,
  { organizationParameter = 'organization', organizationClaim }: OrganizationOptions = {},
): ClientOptions<Claims> {
  requireKind('withOrganization()', 'object', options)
  refuseEmpty(organization)
  return {
    ...options,
    params: { ...options.params, [organizationParameter]: organization },
    onTokenSet: async (tokenSet, reason, former) => {
      checkOrganization(tokenSet.claims ?? {}, organization, organizationClaim)
      await options.onTokenSet?.(tokenSet, reason, former)
    },
  }
}

/** An empty parameter would not be sent, so that any organization were accepted. */
export function refuseEmpty(organization: unknown): void {
  if (typeof organization === 'string' && organization.trim() !== '') return
  throw createError('configuration', `"organization" is ${JSON.stringify(organization)}: expected an id or a name.`, {
    hint: 'Omit it to sign in without an organization.',
  })
}
