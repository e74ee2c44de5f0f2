'use client'
import { ConfigurationError } from '@latchkey/core'
import type { Accounts } from '@latchkey/core/accounts'
import { createContext, useContext, type Context } from 'react'
import { IS_DEVELOPMENT } from './is-development.js'

/** Undefined outside `<AccountsProvider>`. */
export const AccountsContext: Context<Accounts<unknown> | undefined> = createContext<Accounts<unknown> | undefined>(undefined)

/** @throws ConfigurationError outside `<AccountsProvider>` */
export function useAccountsContext(): Accounts<unknown> {
  const accounts = useContext(AccountsContext)
  if (accounts) return accounts
  throw new ConfigurationError('configuration', 'useAccounts() is used outside <AccountsProvider>.', {
    hint: IS_DEVELOPMENT ? 'Wrap the app in <AccountsProvider accounts={createAccounts({ … })}>.' : undefined,
  })
}
