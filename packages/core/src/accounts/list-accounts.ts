import type { Account } from './account.js'
import { type AccountList, accountsIn } from './account-index.js'
import type { AccountSlot } from './account-slot.js'
import { organizationOf } from './organization.js'

/**
 * Lists the accounts whose user is signed in.
 *
 * @param former the last result: its objects are reused, and itself if nothing has changed
 */
export function listAccounts(
  list: AccountList,
  slots: ReadonlyMap<number, AccountSlot>,
  former: ReadonlyArray<Account<unknown>>,
  organizationClaim: string | undefined,
): ReadonlyArray<Account<unknown>> {
  const found = new Map<string, Account<unknown>>()
  for (const { slot: number, id = '' } of accountsIn(list)) {
    const slot = slots.get(number)
    const state = slot?.own.getSnapshot()
    if (!slot || state?.status !== 'signed-in') continue
    const { claims, tokenSet } = state
    const organization = organizationOf(tokenSet.claims ?? {}, organizationClaim)
    const known = former.find((account) => account.client === slot.client && account.id === id && account.claims === claims)
    // Of two clients with the same account, the later one has the newer session.
    found.set(id, known ?? { id, claims, organization, client: slot.client })
  }
  const accounts = [...found.values()]
  return accounts.length === former.length && accounts.every((one, index) => one === former[index]) ? former : accounts
}

/** Whether a client has a newer session than another one with the same account. */
export function isNewer({ own }: AccountSlot, other: AccountSlot): boolean {
  const { signedInAt = 0 } = own.getTokenSet() ?? {}
  return own.getSnapshot().status === 'signed-in' && signedInAt >= (other.own.getTokenSet()?.signedInAt ?? 0)
}
