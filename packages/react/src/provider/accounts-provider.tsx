'use client'
import type { Accounts, AccountsState } from '@latchkey/core/accounts'
import { useEffect, useState, useSyncExternalStore, type ReactElement } from 'react'
import { AccountsContext } from './accounts-context.js'
import { OAuthProvider, type CommonProps } from './oauth-provider.js'
import { useOAuthContext } from './oauth-context.js'
import { dropQueries, refetchDropped } from './query-cache.js'
import { refuseArguments } from './refuse-arguments.js'

/** Configures `<AccountsProvider>`: the accounts, and the props of `<OAuthProvider>` that do not depend on its clients. */
export interface AccountsProviderProps extends CommonProps {
  /** Created by `createAccounts`, outside of a component. The provider starts them; the app closes them. */
  readonly accounts: Accounts<unknown>
}

/**
 * Provides several accounts of one client. All hooks below it use the active account: when it changes, they render with its session at
 * once, and the query cache is cleared as at a change of the user. `useAccounts` adds, switches and signs out.
 *
 * @throws ConfigurationError (to the nearest error boundary) without `accounts`
 */
export function AccountsProvider({ accounts, children, ...props }: AccountsProviderProps): ReactElement {
  refuseArguments('<AccountsProvider>', typeof (accounts as Partial<Accounts> | undefined)?.getSnapshot === 'function')
  const { client } = useAccountsState(accounts)
  const { clearQueryCacheOnUserChange = true } = props
  return (
    <AccountsContext.Provider value={accounts}>
      <OAuthProvider {...props} client={client}>
        <SwitchRunner accounts={accounts} clearsWholeCache={clearQueryCacheOnUserChange} />
        {children}
      </OAuthProvider>
    </AccountsContext.Provider>
  )
}

/** Renders when something in the state of the accounts changes. */
export function useAccountsState(accounts: Accounts<unknown>): AccountsState<unknown> {
  const getSnapshot = (): AccountsState<unknown> => accounts.getSnapshot()
  return useSyncExternalStore(subscribeOf(accounts), getSnapshot, getSnapshot)
}

const subscribes = new WeakMap<Accounts<unknown>, Accounts['subscribe']>()

/** The same function in every render, so that React does not subscribe again. */
function subscribeOf(accounts: Accounts<unknown>): Accounts['subscribe'] {
  const subscribe = subscribes.get(accounts) ?? ((listener) => accounts.subscribe(listener))
  subscribes.set(accounts, subscribe)
  return subscribe
}

/** Drops the data of one account before React renders with the next one. */
function SwitchRunner({ accounts, clearsWholeCache }: { accounts: Accounts<unknown>; clearsWholeCache: boolean }): null {
  const { queryCaches } = useOAuthContext()
  const [switches, setSwitches] = useState(0)
  useEffect(() => {
    let { client } = accounts.getSnapshot()
    return accounts.subscribe(() => {
      const next = accounts.getSnapshot().client
      if (next === client) return
      client = next
      queryCaches.forEach((cache) => dropQueries(cache, clearsWholeCache))
      setSwitches((count) => count + 1)
    })
  }, [accounts, clearsWholeCache, queryCaches])
  // The components that remain have the next account's `fetch` by now.
  useEffect(() => {
    if (switches > 0) queueMicrotask(() => queryCaches.forEach(refetchDropped))
  }, [queryCaches, switches])
  return null
}
