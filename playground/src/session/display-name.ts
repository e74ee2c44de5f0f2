import type { UserClaims } from '@latchkey/core'

/** @returns the name to show: the most readable claim of the user */
export function displayName(claims: UserClaims | undefined): string {
  return claims?.name ?? claims?.preferred_username ?? claims?.email ?? claims?.sub ?? 'Unnamed user'
}

/** @returns the claim that distinguishes two users with the same name */
export function contact(claims: UserClaims | undefined): string | undefined {
  return claims?.email ?? claims?.sub
}
