import type { Environment } from '../platform/environment.js'
import type { TokenSet } from '../protocol/token-set.js'
import type { Session } from '../session/session.js'
import { openPopup } from '../sign-in/transports/open-popup.js'
import type { LogoutOptions, LogoutResult } from './logout-options.js'

/**
 * @param popup the window for `transport: 'popup'`, null if the browser blocked it
 * @param closed the session's signal when the sign-out began: the client may be closed while this code is loaded
 */
export type SignOutAtServer = (
  tokenSet: TokenSet | undefined,
  options: LogoutOptions,
  popup?: Window | null,
  closed?: AbortSignal,
) => Promise<LogoutResult>

/** What a sign-out needs of its client. */
export interface LogoutParts {
  readonly session: Session
  readonly config: { readonly environment: Environment }
  /** The part of the lazily loaded code that signs out, see `sign-out.ts`. */
  readonly sessionCalls: () => Promise<{ readonly signOutAtServer: SignOutAtServer }>
}

/** The first half of a sign-out: ends the session in this browser. `signOutAtServer` is the second. */
export async function logout({ session, config, sessionCalls }: LogoutParts, options: LogoutOptions): Promise<LogoutResult> {
  const { tokenSet } = session.state
  session.parts.joinTabs?.()
  // Synchronous with the click, so that a refresh in flight finds another epoch.
  session.end('logout')
  const { signal } = session
  // Before the record is deleted, so that no tab writes a new one in between.
  session.parts.sendToTabs('logout')
  // Still inside the click, so that the browser allows it.
  const popup = options.transport === 'popup' ? openPopup(config.environment) : undefined
  // The stored token set may be newer, or not read yet.
  const stored = await session.clearRecord()
  try {
    const { signOutAtServer } = await sessionCalls()
    // Handles its own errors, and rejects for a popup or iframe.
    return signOutAtServer(stored ?? tokenSet, options, popup, signal)
  } catch (cause) {
    popup?.close()
    session.fail(await session.parts.explain(cause))
    return { local: true, provider: false }
  }
}
