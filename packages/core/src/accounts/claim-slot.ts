import { createError } from '../errors/create-error.js'
import type { InteractionError } from '../errors/errors.js'
import type { IdTokenClaims } from '../protocol/claims.js'
import { TRANSACTION_LIFETIME_MS } from '../sign-in/transaction-store.js'
import { accountIdOf, isSameUser } from './account-id.js'
import { type AccountEntry, type AccountList, accountsIn } from './account-index.js'
import { checkOrganization, organizationOf, otherOrganization } from './organization.js'

/** What decides whether a token set may be stored. */
export interface ClaimRules {
  readonly maxAccounts: number
  readonly organizationClaim: string | undefined
}

/** @throws InteractionError account_limit */
export function refuseTooMany({ length }: readonly unknown[], maxAccounts: number): void {
  if (length >= maxAccounts) throw tooMany(maxAccounts)
}

function tooMany(maxAccounts: number): InteractionError {
  return createError(
    'account_limit',
    `This app keeps ${maxAccounts === 1 ? 'one account' : `${maxAccounts} accounts`} at most.`,
    {
      hint: 'Sign out one of them first, or raise "maxAccounts".',
    },
  )
}

/**
 * Reserves the place of an account whose sign-in begins, so that no other tab uses it.
 *
 * @param entry with the time of now
 * @throws InteractionError account_limit, aborted
 */
export function reserveSlot(
  list: AccountList,
  entry: AccountEntry & { readonly reservedAt: number },
  maxAccounts: number,
): AccountList {
  refuseTooMany(accountsIn(list), maxAccounts)
  // A response that arrives later is refused, so nothing is lost.
  const isAlive = ({ id, reservedAt = 0 }: AccountEntry): boolean =>
    id !== undefined || Math.abs(entry.reservedAt - reservedAt) < TRANSACTION_LIFETIME_MS
  const entries = list.entries.filter(isAlive)
  if (entries.some(({ slot }) => slot === entry.slot))
    throw createError('aborted', 'Another tab has begun to add an account in the same place.', { hint: 'Add the account again.' })
  return { ...list, entries: [...entries, entry] }
}

/**
 * Decides, before a token set is stored, whether the client of this slot may have it, and notes whose it is.
 *
 * @throws ValidationError account_mismatch if the client has the session of another user; organization_mismatch; InteractionError account_limit
 */
export function claimSlot(list: AccountList, slot: number, claims: IdTokenClaims, rules: ClaimRules): AccountList {
  const { organizationClaim, maxAccounts } = rules
  const own = list.entries.find((entry) => entry.slot === slot)
  if (own?.organization !== undefined) checkOrganization(claims, own.organization, organizationClaim)
  const id = accountIdOf(claims, organizationClaim)
  if (own?.id === id) return list
  if (own?.id !== undefined) throw otherAccount(own.id, id, claims, rules)
  const accounts = accountsIn(list)
  if (!accounts.some((account) => account.id === id)) refuseTooMany(accounts, maxAccounts)
  const others = list.entries.filter((entry) => entry !== own)
  return { ...list, entries: [...others, { slot, id, organization: own?.organization }] }
}

function otherAccount(expected: string, received: string, claims: IdTokenClaims, { organizationClaim }: ClaimRules): Error {
  if (isSameUser(expected, received)) {
    const [, , organization] = expected.split('/')
    return otherOrganization(organization && decodeURIComponent(organization), organizationOf(claims, organizationClaim))
  }
  return createError('account_mismatch', 'Another user has signed in than the one of this account. The tokens are not used.', {
    hint: 'Add the other user as a further account, or sign this account out first.',
  })
}

/** @throws ConfigurationError if a token set does not say whose it is */
export function requireClaims(claims: IdTokenClaims | undefined): IdTokenClaims {
  if (claims) return claims
  throw createError('configuration', 'The token response has no ID token, so that its account cannot be told from others.', {
    hint: 'Add "openid" to the scope.',
    spec: 'OpenID Connect Core 1.0, section 3.1.2.1',
  })
}
