import type { AccessTokenStore, TokenRecord } from '../storage/access-token-store.js'
import type { AtomicStore } from '../storage/atomic-store.js'
import type { Stores } from '../storage/stores.js'

/** Grants and sessions that may join the tokens of another; after that, new tokens are issued. Each costs a read per verification. */
const MAX_JOINED = 10

/** Returns the family of tokens that are issued once for several grants. */
export function newUniqueFamily(): string {
  return `unique:${crypto.randomUUID()}`
}

/** Tells whether a family is one that other grants can join. */
export function isUniqueFamily(family: string): boolean {
  return family.startsWith('unique:')
}

/**
 * Lets the tokens of one family end with further families too. Their records stay as they are, so that concurrent calls lose none, and
 * a token that is revoked meanwhile is not written again.
 *
 * @returns false if too many have joined
 */
export async function joinFamilies(
  state: AtomicStore,
  tokens: readonly TokenRecord[],
  families: readonly string[],
): Promise<boolean> {
  const known = tokens.map((token) => token.families)
  const missing = families.filter((family) => !known.every((ofToken) => ofToken.includes(family)))
  const unique = tokens[0]?.families.find(isUniqueFamily)
  if (unique === undefined || !known.every((ofToken) => ofToken.includes(unique))) return false
  if (missing.length === 0) return true
  const expiries = tokens.map(({ expiresAt }) => expiresAt ?? Number.POSITIVE_INFINITY)
  const latest = Math.max(...expiries)
  const expiresAt = Number.isFinite(latest) ? latest : undefined
  for (let index = 0; index < MAX_JOINED; index += 1) if (await state.add(placeOf(unique, index), missing, expiresAt)) return true
  return false
}

/** Returns stores whose tokens also end with the families that have joined them. A refresh copies these to the new tokens. */
export function withJoinedFamilies(stores: Stores): Stores {
  const { accessTokens, state } = stores
  const check = async <Found extends TokenRecord>(record: Found | undefined): Promise<Found | undefined> => {
    const unique = record?.families.find(isUniqueFamily)
    if (!record || unique === undefined) return record
    const joined = await familiesOf(unique, state)
    const marks = await Promise.all(joined.map((family) => state.get(endOf(family))))
    if (marks.some((mark) => mark !== undefined)) return undefined
    return { ...record, families: [...new Set([...record.families, ...joined])] }
  }
  const checked: AccessTokenStore = {
    saveToken: (record) => accessTokens.saveToken(record),
    findByToken: async (token) => check(await accessTokens.findByToken(token)),
    deleteToken: (token) => accessTokens.deleteToken(token),
    saveRefreshToken: (record) => accessTokens.saveRefreshToken(record),
    findByRefreshToken: async (token) => check(await accessTokens.findByRefreshToken(token)),
    deleteRefreshToken: (token) => accessTokens.deleteRefreshToken(token),
    useRefreshToken: (record, now) => accessTokens.useRefreshToken(record, now),
    async revokeFamily(family, expiresAt) {
      // Stores cannot be asked whether a family was revoked.
      await state.set(endOf(family), 1, expiresAt)
      await accessTokens.revokeFamily(family, expiresAt)
    },
  }
  return { ...stores, accessTokens: checked }
}

async function familiesOf(unique: string, state: AtomicStore): Promise<readonly string[]> {
  const families: string[] = []
  for (let index = 0; index < MAX_JOINED; index += 1) {
    const joined = await state.get<readonly string[]>(placeOf(unique, index))
    if (!joined) return families
    families.push(...joined)
  }
  return families
}

function placeOf(unique: string, index: number): string {
  return `joined:${unique}:${index}`
}

function endOf(family: string): string {
  return `ended:${family}`
}
