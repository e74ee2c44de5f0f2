import type { TabStorage } from '../storage/tab-storage.js'
import { SILENT_SIGN_IN } from './redirect-guard.js'

/**
 * Why this tab does not sign in silently until the next sign-in: a redirect found no user signed in (another one would start a loop), or
 * the user has signed out (and would be signed in again at once).
 */
export type SilentSignInBlock = 'redirect' | 'logout'

/** Blocks silent sign-in in this tab. */
export function blockSilentSignIn(tab: TabStorage, reason: SilentSignInBlock): void {
  tab.set(SILENT_SIGN_IN, reason)
}

/**
 * If nothing can be stored, a redirect is blocked: it could be repeated without end.
 *
 * @param isSignedIn in a session that is later than the sign-out
 */
export function isSilentSignInBlocked(tab: TabStorage, transport: 'iframe' | 'redirect', isSignedIn: boolean): boolean {
  const reason = tab.get(SILENT_SIGN_IN)
  if (reason === 'logout') return !isSignedIn
  return transport === 'redirect' && (reason !== undefined || !tab.area)
}
