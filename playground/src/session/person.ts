import type { UserClaims } from '@latchkey/core'

/** @returns what to call the user: the friendliest claim there is */
export function displayName(claims: UserClaims | undefined): string {
  return claims?.name ?? claims?.preferred_username ?? claims?.email ?? claims?.sub ?? 'somebody'
}
