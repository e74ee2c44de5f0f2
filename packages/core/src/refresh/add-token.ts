import type { AccessToken } from '../protocol/token-set.js'

/** An app that requests a scope per item must not fill the storage. */
const MAX_TOKENS = 50

interface NewToken {
  readonly name: string
  readonly token: AccessToken
  readonly nowSeconds: number
}

/** @returns the tokens and the new one, without those that have expired, and the oldest of more than 50 */
export function addToken(
  tokens: Readonly<Record<string, AccessToken>> = {},
  { name, token, nowSeconds }: NewToken,
): Readonly<Record<string, AccessToken>> {
  const kept = Object.entries(tokens).filter(([other, one]) => other !== name && (one.expiresAt ?? nowSeconds) >= nowSeconds)
  return Object.fromEntries([...kept.slice(1 - MAX_TOKENS), [name, token]])
}
