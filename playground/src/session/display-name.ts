import type { UserClaims } from '@latchkey/core'

/** @returns what to call the user: the friendliest claim there is */
export function displayName(claims: UserClaims | undefined): string {
  return claims?.name ?? claims?.preferred_username ?? claims?.email ?? claims?.sub ?? 'somebody'
}

/** @returns what tells two people of the same name apart */
export function contact(claims: UserClaims | undefined): string | undefined {
  return claims?.email ?? claims?.sub
}
