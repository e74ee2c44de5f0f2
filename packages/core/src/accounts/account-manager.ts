import { explain } from '../client/lazy.js'
import { createEmitter } from '../platform/emitter.js'
import { type Channel, openQuietly } from '../platform/environment.js'
import { parseUrl } from '../platform/parse-url.js'
import type { TokenSet, TokenSetReason } from '../protocol/token-set.js'
import type { ClientConfig } from '../client/resolve-options.js'
import type { Account, AccountsState } from './account.js'
import { AccountIndex, type AccountList, accountsIn, isReserved, movedTo, NO_ACCOUNTS, withoutSlot } from './account-index.js'
import { type AccountSlot, createSlot, freeSlot, slotOfCallback, SLOTS } from './account-slot.js'
import type { AccountSettings } from './accounts-options.js'
import { claimSlot, requireClaims, reserveSlot } from './claim-slot.js'
import { isNewer, listAccounts } from './list-accounts.js'

/** Name in the tab's storage. */
const ACTIVE = 'account'

/** All accounts of this tab: which there are, which one is active, and what other tabs change. */
export class AccountManager {
  readonly settings: AccountSettings
  readonly #slots = new Map<number, AccountSlot>()
  /** Those whose client the app has got as that of an account. */
  readonly #shown = new Set<number>()
  readonly #index: AccountIndex
  readonly #changes = createEmitter<{ change: undefined }>()
  /** As this tab knows it. */
  #list: AccountList = NO_ACCOUNTS
  #active: number
  /** The account that was the active one last, and where it was in the list. */
  #last: { readonly id?: string; readonly position: number } = { position: 0 }
  #state: AccountsState<unknown>
  #started: Promise<void> | undefined
  #channel: Channel | undefined

  constructor(settings: AccountSettings) {
    this.settings = settings
    this.#index = new AccountIndex(this.slot(0).internals)
    this.#active = this.slotOf(undefined) ?? this.#remembered ?? 0
    this.#state = {
      status: 'restoring',
      accounts: [],
      active: undefined,
      client: this.slot(this.#active).client,
      error: undefined,
    }
  }

  get state(): AccountsState<unknown> {
    return this.#state
  }

  subscribe(listener: () => void): () => void {
    return this.#changes.on('change', listener)
  }

  start(): Promise<void> {
    return (this.#started ??= this.#restore().catch(async (cause: unknown) =>
      this.show({ status: 'ready', error: await explain(cause) }),
    ))
  }

  async close(): Promise<void> {
    this.#started = undefined
    this.#channel?.close()
    this.#channel = undefined
    await Promise.all([...this.#slots.values()].map(({ own }) => own.close()))
  }

  /** @returns the slot of a number, created on first use */
  slot(number: number): AccountSlot {
    const known = this.#slots.get(number)
    if (known) return known
    const made = createSlot(number, this.settings.clientOptions, {
      start: () => this.start(),
      claim: (...claimed) => this.#claim(...claimed),
    })
    this.#slots.set(number, made)
    made.own.subscribe(() => this.show())
    made.own.on('signed-in', () => void (made.settled = this.#settle(made).catch(() => undefined)))
    made.own.on('signed-out', ({ reason }) => reason === 'logout' && void this.forget(made.slot))
    return made
  }

  /** @returns the slot that a response belongs to. @param url default: the page's */
  slotOf(url: string | URL | undefined): number | undefined {
    const { environment, redirectUri } = this.#config
    const base = environment.window?.location.href ?? redirectUri
    const parsed = url === undefined ? parseUrl(environment.window?.location.href ?? '') : parseUrl(url, base)
    return parsed && slotOfCallback(this.#config, parsed)
  }

  /** @returns a slot that no account and no other sign-in has, with a sign-in that is reserved for all tabs */
  reserve(organization: string | undefined, hasDefaultPrompt: boolean): AccountSlot {
    const taken = new Set(this.#list.entries.map((entry) => entry.slot))
    const isFree = (number: number): boolean => !taken.has(number) && !this.#slots.get(number)?.request
    const slot = this.slot(freeSlot(isFree, this.#shown))
    const entry = { slot: slot.slot, organization, reservedAt: this.#config.environment.now() }
    const reserved = this.#update((list) => reserveSlot(list, entry, this.settings.maxAccounts))
    reserved.catch(() => undefined)
    slot.request = { reserved, hasDefaultPrompt }
    return slot
  }

  /** The sign-in is over. */
  async release(slot: AccountSlot): Promise<void> {
    slot.request = undefined
    if (slot.own.getSnapshot().status !== 'signed-in')
      await this.#update((list) => (isReserved(list, slot.slot) ? withoutSlot(list, slot.slot) : list))
  }

  /** Removes an account from the list, when its session has ended. */
  async forget(number: number): Promise<void> {
    this.#list = withoutSlot(this.#list, number)
    this.#replaceActive()
    this.show()
    await this.#update((list) => withoutSlot(list, number)).catch(() => undefined)
    this.#notifyTabs()
  }

  /** In this tab: a form that is open in another one must not be sent as another user. */
  async activate(number: number): Promise<void> {
    this.#use(number)
    // New tabs begin with it. This one does not depend on that.
    await this.#update((list) => (list.active === number ? list : { ...list, active: number })).catch(() => undefined)
  }

  #use(number: number): void {
    this.#active = number
    this.#tab.set(ACTIVE, number)
    this.show()
  }

  accountOf(number: number): Account<unknown> | undefined {
    const client = this.#slots.get(number)?.client
    return this.#state.accounts.find((account) => account.client === client)
  }

  slotOfAccount({ client }: Account<unknown>): number | undefined {
    return [...this.#slots.values()].find((slot) => slot.client === client)?.slot
  }

  /** Builds the state from those of the clients, and notifies the listeners if something in it has changed. */
  show(change: Partial<Pick<AccountsState<unknown>, 'status' | 'error'>> = {}): void {
    for (const { slot } of accountsIn(this.#list)) this.#shown.add(slot)
    const accounts = listAccounts(this.#list, this.#slots, this.#state.accounts, this.settings.organizationClaim)
    const { client } = this.slot(this.#active)
    const active = accounts.find((account) => account.client === client)
    const next: AccountsState<unknown> = { ...this.#state, ...change, accounts, active, client }
    if (active) this.#last = { id: active.id, position: accounts.indexOf(active) }
    const names = Object.keys(next) as Array<keyof AccountsState<unknown>>
    if (names.every((name) => next[name] === this.#state[name])) return
    this.#state = next
    this.#changes.emit('change', undefined)
  }

  get #config(): ClientConfig {
    return this.slot(0).internals.config
  }

  get #tab(): ClientConfig['tab'] {
    return this.#config.tab
  }

  get #remembered(): number | undefined {
    const number = this.#tab.get(ACTIVE)
    return Number.isInteger(number) && (number as number) >= 0 && (number as number) < SLOTS ? (number as number) : undefined
  }

  async #restore(): Promise<void> {
    this.#listen()
    const callback = this.slotOf(undefined)
    // Synchronous up to here: the response is out of the address bar before the app renders.
    if (callback !== undefined) await this.#handlePage(callback)
    this.#list = await this.#index.read()
    const gone = await this.#withoutSession()
    if (gone.length > 0) await this.#update((list) => gone.reduce(withoutSlot, list))
    this.#active = this.#firstActive() ?? this.#active
    this.show()
    await this.#startClients()
    await this.#tidy()
    this.show({ status: 'ready' })
  }

  /** @returns the slots of accounts whose session has ended, or is not written yet. One that is stored but cannot be read is kept. */
  async #withoutSession(): Promise<readonly number[]> {
    const accounts = accountsIn(this.#list).map(({ slot }) => this.slot(slot))
    const isStored = await Promise.all(
      accounts.map(
        async ({ internals: { session, records } }) =>
          !!session.state.tokenSet || (await records.read(session.parts.key)) !== undefined,
      ),
    )
    return accounts.filter((_slot, position) => !isStored[position]).map(({ slot }) => slot)
  }

  /** A failure is shown where the account would be, unless there are others. */
  async #handlePage(number: number): Promise<void> {
    const slot = this.slot(number)
    await slot.own.start()
    await slot.settled
    const { status, error } = slot.own.getSnapshot()
    if (status === 'signed-in') return
    await this.release(slot)
    if (error) this.show({ error })
  }

  #firstActive(): number | undefined {
    const slots = accountsIn(this.#list).map(({ slot }) => slot)
    return [this.#remembered, this.#list.active, slots[0]].find((slot) => slot !== undefined && slots.includes(slot))
  }

  /** Each restores its stored session, without a network request. Only a user without an account may be signed in silently. */
  async #startClients(): Promise<void> {
    const gone = await this.#withoutSession()
    const accounts = accountsIn(this.#list).map(({ slot }) => slot)
    const numbers = accounts.length > 0 ? accounts.filter((slot) => !gone.includes(slot)) : [this.#active]
    await Promise.all(numbers.map((number) => this.slot(number).own.start()))
  }

  async #tidy(): Promise<void> {
    const active = this.slot(this.#active)
    const { tokenSet } = active.own.getSnapshot()
    // The session of an app that had one account before.
    if (tokenSet) await this.#claim(active, tokenSet, 'restored')
    for (const { slot } of accountsIn(this.#list)) await this.#dropFormer(this.slot(slot))
  }

  async #claim(slot: AccountSlot, tokenSet: TokenSet, reason: TokenSetReason): Promise<void> {
    const claims = requireClaims(tokenSet.claims)
    const { organizationClaim, maxAccounts } = this.settings
    let isNew = false
    await this.#update((list) => {
      isNew = !accountsIn(list).some((entry) => entry.slot === slot.slot)
      return claimSlot(list, slot.slot, claims, { organizationClaim, maxAccounts })
    })
    slot.isAdded ||= isNew && (reason === 'login' || reason === 'silent')
  }

  /** A sign-in of this tab is complete. */
  async #settle(slot: AccountSlot): Promise<void> {
    const { isAdded } = slot
    slot.isAdded = false
    slot.request = undefined
    await Promise.all([slot.own.start(), isAdded && this.activate(slot.slot), this.#dropFormer(slot)])
    this.#notifyTabs()
  }

  /** The same account was added again: its newer session takes the place of the former one. */
  async #dropFormer(slot: AccountSlot): Promise<void> {
    const entry = this.#list.entries.find((one) => one.slot === slot.slot)
    const former = accountsIn(this.#list).find((one) => one.id === entry?.id && one.slot !== slot.slot)
    if (!entry || !former || !isNewer(slot, this.slot(former.slot))) return
    if (this.#active === former.slot) void this.activate(slot.slot)
    await this.#update((list) => movedTo(list, entry, former.slot))
    // Some servers revoke all tokens of a user with one.
    await this.slot(former.slot).own.logout({ local: true, revoke: false })
  }

  async #update(change: (list: AccountList) => AccountList): Promise<AccountList> {
    this.#list = await this.#index.update(change)
    this.show()
    return this.#list
  }

  #notifyTabs(): void {
    this.#channel?.postMessage('accounts-changed')
  }

  #listen(): void {
    const { environment, key } = this.#config
    const isShared =
      environment.window || this.slot(0).internals.storage.persistent || this.settings.clientOptions.environment?.openChannel
    if (this.#channel || !isShared) return
    this.#channel = openQuietly(environment, `latchkey/${key}/accounts`)
    // In Node it would keep the process alive.
    ;(this.#channel as { unref?(): void } | undefined)?.unref?.()
    this.#channel?.addEventListener('message', () => void this.#adopt().catch(() => undefined))
  }

  /** Another tab has changed the list. */
  async #adopt(): Promise<void> {
    this.#list = await this.#index.read()
    await this.#startClients()
    this.#replaceActive()
    this.show()
  }

  /**
   * Chooses another account if the active one is no longer in the list. One whose session the server has ended stays in it: the user would
   * otherwise continue as another user without noticing.
   */
  #replaceActive(): void {
    const accounts = accountsIn(this.#list)
    if (this.#state.status === 'restoring' || accounts.some(({ slot }) => slot === this.#active)) return
    const { id: former, position } = this.#last
    const next = accounts.find(({ id }) => id === former) ?? accounts[Math.min(position, accounts.length - 1)]
    if (next) this.#use(next.slot)
  }
}
