import type { OAuthClient } from '../client/client.js'
import type { OAuthClientError } from '../errors/errors.js'
import type { UserClaims } from '../protocol/claims.js'
import type { LoginOptions } from '../sign-in/sign-in-options.js'
import type { LogoutOptions, LogoutResult } from '../sign-out/logout-options.js'

/** One account whose user is signed in. An immutable snapshot. */
export interface Account<Claims = UserClaims> {
  /** Identifies the account in all tabs and after a reload: issuer, `sub`, and the organization if there is one. Opaque. */
  readonly id: string
  /** The claims of the checked ID token. */
  readonly claims: Claims
  /** The organization that the ID token names, as the claim has it. */
  readonly organization: string | undefined
  /** The client of this account alone: its session, tokens, refreshes and DPoP key. Closed by `accounts.close()`. */
  readonly client: OAuthClient<Claims>
}

/** An immutable snapshot of all accounts. A new object only if something in it has changed. */
export interface AccountsState<Claims = UserClaims> {
  /** `restoring` until the stored accounts are read. */
  readonly status: 'restoring' | 'ready'
  /** The accounts that are signed in, in the order in which they were added. */
  readonly accounts: ReadonlyArray<Account<Claims>>
  /** The account that this tab uses. Undefined if no user is signed in, or its session has ended at the server. */
  readonly active: Account<Claims> | undefined
  /** The client of the active account, or the one that signs in the first account. */
  readonly client: OAuthClient<Claims>
  /** Why the last sign-in of a further account has failed, until the next attempt. */
  readonly error: OAuthClientError | undefined
}

/** Options of one sign-in of a further account. */
export interface AddAccountOptions extends LoginOptions {
  /**
   * The organization to sign in to, by its id or name. It is sent with the authorization request, and the ID token must name the same one.
   * The same user in another organization is another account.
   */
  readonly organization?: string | undefined
}

/** Several accounts of one client, side by side. */
export interface Accounts<Claims = UserClaims> {
  /** Restores all accounts and handles a callback on this page. Safe to call any number of times; never rejects. */
  start(): Promise<void>
  /** Returns the state. The same object until something in it changes. */
  getSnapshot(): AccountsState<Claims>
  /** Calls the listener after every change of the state. @returns removes it */
  subscribe(listener: () => void): () => void
  /** Returns whether the URL (default: the page's) contains an authorization response for one of the accounts. */
  isCallback(url?: string | URL): boolean
  /**
   * Completes an authorization response, for the account whose sign-in it belongs to.
   *
   * @returns undefined if the URL is no response for one of the accounts
   * @throws as `add`
   */
  handleCallback(url: string | URL): Promise<Account<Claims> | undefined>
  /**
   * Signs in a further account and makes it the active one; the others stay as they are. The server shows its account selection
   * (`prompt=select_account`, or `login` if its metadata does not list that). An account that is there already is updated. If the user
   * chooses another account than `loginHint` names, the account of that user is added.
   *
   * Call it inside the click for a popup.
   *
   * @returns the account. A redirect leaves the page, so its promise stays pending; undefined if the page was restored from the
   *   back/forward cache
   * @throws as `login` of a client; InteractionError account_limit; ValidationError organization_mismatch
   */
  add(options?: AddAccountOptions): Promise<Account<Claims> | undefined>
  /**
   * Makes an account the active one in this tab. New tabs begin with the account that was chosen last. Requests in flight keep the account
   * that they began with.
   *
   * @param account the account or its `id`
   * @throws ConfigurationError for an account that is not signed in
   */
  switchTo(account: Account<Claims> | string): Account<Claims>
  /**
   * Signs out one account, in all tabs; the others stay. Its tokens are revoked, and its ID token is the `id_token_hint`. If it was the
   * active one, the next becomes active.
   *
   * @param account the account or its `id`. Default: the active one
   * @throws as `logout` of a client; ConfigurationError for an account that is not signed in
   */
  signOut(account?: Account<Claims> | string, options?: LogoutOptions): Promise<LogoutResult>
  /**
   * Signs out all accounts. The tokens of each are revoked; the active account's session is ended at the server, too, as `logout` does.
   *
   * @throws as `logout` of a client
   */
  signOutAll(options?: LogoutOptions): Promise<LogoutResult>
  /** Closes the clients of all accounts. Can be started again. */
  close(): Promise<void>
}
