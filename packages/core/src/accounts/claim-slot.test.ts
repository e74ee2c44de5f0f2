import { describe, expect, it } from 'vitest'
import { accountIdOf } from './account-id.js'
import { type AccountList, NO_ACCOUNTS } from './account-index.js'
import { claimSlot, reserveSlot } from './claim-slot.js'

const rules = { maxAccounts: 3, organizationClaim: undefined }
const claims = (sub: string, more = {}) => ({ iss: 'https://id.example', sub, aud: 'spa', exp: 2, iat: 1, ...more })
const codeOf = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (cause) {
    return (cause as { code: string }).code
  }
}

describe('the place of an account', () => {
  it('is that of the first user who signs in there', () => {
    const list = claimSlot(NO_ACCOUNTS, 0, claims('ada'), rules)
    expect(claimSlot(list, 0, claims('ada'), rules)).toBe(list)
    expect(codeOf(() => claimSlot(list, 0, claims('bob'), rules))).toBe('account_mismatch')
    expect(codeOf(() => claimSlot(list, 0, claims('ada', { iss: 'https://other.example' }), rules))).toBe('account_mismatch')
    expect(codeOf(() => claimSlot(list, 0, claims('ada', { org_id: 'org_a' }), rules))).toBe('organization_mismatch')
  })

  it('is refused at the maximum number of accounts, unless the account is one of them', () => {
    const subjects = ['ada', 'bob', 'carol']
    const full = subjects.reduce<AccountList>((list, sub, slot) => claimSlot(list, slot, claims(sub), rules), NO_ACCOUNTS)
    expect(codeOf(() => claimSlot(full, 9, claims('dan'), rules))).toBe('account_limit')
    expect(claimSlot(full, 9, claims('bob'), rules).entries.map(({ slot }) => slot)).toEqual([0, 1, 2, 9])
    expect(codeOf(() => reserveSlot(full, { slot: 9, reservedAt: 0 }, 3))).toBe('account_limit')
  })

  it('is reserved for ten minutes', () => {
    const list = reserveSlot(NO_ACCOUNTS, { slot: 4, reservedAt: 1_000 }, 3)
    expect(codeOf(() => reserveSlot(list, { slot: 4, reservedAt: 600_999 }, 3))).toBe('aborted')
    expect(reserveSlot(list, { slot: 4, reservedAt: 601_000 }, 3).entries).toEqual([{ slot: 4, reservedAt: 601_000 }])
    expect(reserveSlot(list, { slot: 5, reservedAt: 2_000 }, 3).entries).toHaveLength(2)
  })

  it('has an id in which no part runs into the next', () => {
    const ids = [
      accountIdOf(claims('a/b'), undefined),
      accountIdOf(claims('a', { org_id: 'b' }), undefined),
      accountIdOf(claims('a', { org_id: 'B' }), undefined),
      accountIdOf(claims('a', { org_name: 'c' }), undefined),
      accountIdOf(claims('a', { tid: 'd' }), 'tid'),
    ]
    expect(new Set(ids).size).toBe(ids.length)
    expect(accountIdOf(claims('a', { org_name: 'C' }), undefined)).toBe(ids[3])
  })
})
