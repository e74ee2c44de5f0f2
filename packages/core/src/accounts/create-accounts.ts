import { createError } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import type { UserClaims } from '../protocol/claims.js'
import type { LogoutOptions, LogoutResult } from '../sign-out/logout-options.js'
import type { Account, Accounts, AddAccountOptions } from './account.js'
import { AccountManager } from './account-manager.js'
import { type AccountsOptions, checkAccountsOptions, checkSignOutAllOptions, readAccountsOptions } from './accounts-options.js'
import { refuseTooMany } from './claim-slot.js'
import { refuseEmpty } from './organization.js'

/**
 * Creates several accounts of one client, side by side: each has its own session, tokens, refreshes and DPoP key. One of them is active in
 * each tab. Nothing is read or sent before `start()`.
 *
 * A session that the same client options have stored before is the first account.
 *
 * @throws ConfigurationError for options that are missing, incomplete or contradict each other
 * @example
 * const accounts = createAccounts({ issuer: 'https://id.example.com', clientId: 'spa' })
 * await accounts.start()
 * await accounts.add({ transport: 'popup' })
 * await accounts.getSnapshot().client.fetch('/api/orders')
 */
export function createAccounts<Claims = UserClaims>(options: AccountsOptions<Claims>): Accounts<Claims> {
  if (IS_DEVELOPMENT) checkAccountsOptions(options as AccountsOptions)
  requireKind('createAccounts()', 'object', options)
  const manager = new AccountManager(readAccountsOptions(options as AccountsOptions))
  const accounts: Accounts<unknown> = {
    start: () => manager.start(),
    getSnapshot: () => manager.state,
    subscribe: (listener) => manager.subscribe(listener),
    isCallback: (url) => manager.slotOf(url) !== undefined,
    handleCallback: (url) => markHandled(handleCallback(manager, url)),
    add: (addOptions = {}) => markHandled(add(manager, addOptions)),
    switchTo(account) {
      const found = find(manager, account)
      void manager.activate(slotOf(manager, found))
      manager.show({ error: undefined })
      return found
    },
    signOut: (account, logoutOptions) => markHandled(signOut(manager, account, logoutOptions)),
    signOutAll: (logoutOptions = {}) => markHandled(signOutAll(manager, logoutOptions)),
    close: () => manager.close(),
  }
  // The client's `claims` schema checks the type at run time.
  return accounts as Accounts<Claims>
}

/** Synchronous until the popup is open, so that the browser allows it. */
async function add(manager: AccountManager, options: AddAccountOptions): Promise<Account<unknown> | undefined> {
  const { maxAccounts, organizationParameter } = manager.settings
  const { organization, ...login } = options
  reporting(manager, () => {
    if (organization !== undefined) refuseEmpty(organization)
    refuseTooMany(manager.state.accounts, maxAccounts)
  })
  const slot = manager.reserve(organization, login.prompt === undefined)
  manager.show({ error: undefined })
  const params = organization === undefined ? login.params : { ...login.params, [organizationParameter]: organization }
  try {
    const result = await slot.own.login({ ...login, prompt: login.prompt ?? 'select_account', params })
    await slot.settled
    return result && manager.accountOf(slot.slot)
  } catch (cause) {
    throw failed(manager, cause)
  } finally {
    await manager.release(slot).catch(() => undefined)
  }
}

/** Shows what a check throws. */
function reporting(manager: AccountManager, check: () => void): void {
  try {
    check()
  } catch (cause) {
    throw failed(manager, cause)
  }
}

/** All errors here are those of a client, or of this folder. */
function failed(manager: AccountManager, cause: unknown): OAuthClientError {
  const error = cause as OAuthClientError
  manager.show({ error })
  return error
}

async function handleCallback(manager: AccountManager, url: string | URL): Promise<Account<unknown> | undefined> {
  const number = manager.slotOf(url)
  if (number === undefined) return undefined
  const slot = manager.slot(number)
  try {
    const result = await slot.own.handleCallback(url)
    await slot.settled
    return result && manager.accountOf(number)
  } catch (cause) {
    throw failed(manager, cause)
  } finally {
    await manager.release(slot).catch(() => undefined)
  }
}

async function signOut(
  manager: AccountManager,
  account: Account<unknown> | string | undefined,
  options?: LogoutOptions,
): Promise<LogoutResult> {
  const { active } = manager.state
  // Without an account, as `logout()` without a session: the server may have one.
  if (account === undefined && !active) return manager.state.client.logout(options)
  const { client } = find(manager, account ?? active)
  return client.logout(options)
}

/** All end here at once. A page that leaves for the server would cancel the revocations, so they come first. */
async function signOutAll(manager: AccountManager, options: LogoutOptions): Promise<LogoutResult> {
  if (IS_DEVELOPMENT) reporting(manager, () => checkSignOutAllOptions(options))
  const { accounts, client } = manager.state
  const { revoke } = options
  const others = accounts.filter((account) => account.client !== client)
  const signingOut = others.map((account) => account.client.logout({ local: true, revoke }))
  const isRedirect = (options.transport ?? 'redirect') === 'redirect'
  // A popup must be opened inside the click.
  const own = isRedirect ? undefined : client.logout(options)
  await Promise.all(signingOut)
  return own ?? client.logout(options)
}

function find(manager: AccountManager, account: Account<unknown> | string | undefined): Account<unknown> {
  const id = typeof account === 'string' ? account : account?.id
  const found = manager.state.accounts.find((one) => one.id === id)
  if (found) return found
  throw createError('configuration', 'This account is not signed in.', {
    hint: 'Pass one of the "accounts" of the state, or its "id"; add() signs in a further one.',
  })
}

function slotOf(manager: AccountManager, account: Account<unknown>): number {
  // `find` returns accounts of this manager only.
  return manager.slotOfAccount(account) as number
}

/** The error is also in the state, so an ignored promise must not raise `unhandledrejection`. */
function markHandled<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined)
  return work
}
