import type { ClientOptions } from '../client/client-options.js'
import { CLIENT_OPTIONS, LOGOUT_OPTIONS } from '../client/option-names.js'
import { createError } from '../errors/create-error.js'
import { type OptionNames, refuseUnknownOptions } from '../errors/unknown-options.js'
import type { UserClaims } from '../protocol/claims.js'
import type { LogoutOptions } from '../sign-out/logout-options.js'
import type { OrganizationOptions } from './organization.js'

/** Options that concern the accounts, not their clients. */
export interface AccountPolicy extends OrganizationOptions {
  /** How many accounts can be signed in at once: 1 to 50. Default 10. */
  readonly maxAccounts?: number | undefined
}

/** Options of {@link createAccounts}: those of the client, which all accounts have in common, and those that concern the accounts. */
export interface AccountsOptions<Claims = UserClaims> extends ClientOptions<Claims>, AccountPolicy {}

/** The options, checked, apart from those of the client. */
export interface AccountSettings {
  readonly clientOptions: ClientOptions
  readonly maxAccounts: number
  readonly organizationParameter: string
  readonly organizationClaim: string | undefined
}

const DEFAULT_ACCOUNTS = 10
const MOST_ACCOUNTS = 50

/** @throws ConfigurationError for a limit out of its range */
export function readAccountsOptions(options: AccountsOptions): AccountSettings {
  const { maxAccounts = DEFAULT_ACCOUNTS, organizationParameter = 'organization', organizationClaim, ...clientOptions } = options
  if (!Number.isInteger(maxAccounts) || maxAccounts < 1 || maxAccounts > MOST_ACCOUNTS) {
    throw createError(
      'configuration',
      `"maxAccounts" is ${String(maxAccounts)}: expected a whole number from 1 to ${MOST_ACCOUNTS}.`,
      {
        hint: 'Omit it to allow 10.',
      },
    )
  }
  return { clientOptions, maxAccounts, organizationParameter, organizationClaim }
}

const NAMES: OptionNames<AccountsOptions> = {
  ...CLIENT_OPTIONS,
  maxAccounts: 'number',
  organizationParameter: 'string',
  organizationClaim: 'string',
}

/** For development: the clients check their own options. */
export function checkAccountsOptions(options: AccountsOptions): void {
  refuseUnknownOptions('createAccounts()', options, NAMES)
}

/** For development: the client of the active account would refuse them when the other accounts are signed out already. */
export function checkSignOutAllOptions(options: LogoutOptions): void {
  refuseUnknownOptions('signOutAll()', options, LOGOUT_OPTIONS)
}
