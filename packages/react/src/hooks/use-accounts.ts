'use client'
import type { LogoutOptions, LogoutResult, OAuthClientError } from '@latchkey/core'
import type { Account, AddAccountOptions } from '@latchkey/core/accounts'
import { useMemo } from 'react'
import { useAccountsContext } from '../provider/accounts-context.js'
import { useAccountsState } from '../provider/accounts-provider.js'
import type { RegisteredClaims } from '../provider/register.js'
import { useAttempt } from './use-attempt.js'

/** Describes what `useAccounts` returns. */
export interface UseAccountsResult<Claims = RegisteredClaims> {
  /** `restoring` until the stored accounts are read. */
  readonly status: 'restoring' | 'ready'
  /** The accounts that are signed in, in the order in which they were added. */
  readonly accounts: ReadonlyArray<Account<Claims>>
  /** The account that the hooks of this tab use. Undefined if no user is signed in. */
  readonly active: Account<Claims> | undefined
  /** Signs in a further account, which becomes the active one. For a popup, call it inside the click handler. */
  readonly add: (options?: AddAccountOptions) => Promise<Account<Claims> | undefined>
  /** Makes an account, or the one with this `id`, the active one in this tab. */
  readonly switchTo: (account: Account<Claims> | string) => Account<Claims>
  /** Signs out one account, default the active one. The others stay, and the next becomes active. */
  readonly signOut: (account?: Account<Claims> | string, options?: LogoutOptions) => Promise<LogoutResult>
  /** Signs out all accounts. */
  readonly signOutAll: (options?: LogoutOptions) => Promise<LogoutResult>
  /** True while a sign-in or sign-out that this hook has started is in progress. */
  readonly isPending: boolean
  /** The last failure of this hook's calls, or of an account that was to be added before a redirect; until the next call. */
  readonly error: OAuthClientError | undefined
}

/**
 * Returns the accounts, and the functions that add, switch and sign them out. Renders when one of them changes; all other hooks use the
 * active account.
 *
 * @throws ConfigurationError outside `<AccountsProvider>`
 */
export function useAccounts<Claims = RegisteredClaims>(): UseAccountsResult<Claims> {
  const accounts = useAccountsContext()
  const { status, accounts: all, active, error: failure } = useAccountsState(accounts)
  const { attempt, isPending, error = failure } = useAttempt('attempt', run)
  const calls = useMemo(
    () => ({
      add: (options?: AddAccountOptions) => attempt(() => accounts.add(options)),
      switchTo: (account: Account<unknown> | string) => accounts.switchTo(account),
      signOut: (account?: Account<unknown> | string, options?: LogoutOptions) =>
        attempt(() => accounts.signOut(account, options)),
      signOutAll: (options?: LogoutOptions) => attempt(() => accounts.signOutAll(options)),
    }),
    [accounts, attempt],
  )
  const result = { status, accounts: all, active, isPending, error, ...calls }
  // The caller states the type of the claims; the `claims` schema of the accounts checks it at run time.
  return result as unknown as UseAccountsResult<Claims>
}

/** Each call is its own work. */
async function run(work?: () => Promise<unknown>): Promise<unknown> {
  return work?.()
}
