import type { ProtocolContext } from '../protocol/protocol-context.js'
import type { TokenSet } from '../protocol/token-set.js'
import type { Session } from '../session/session.js'
import type { LogoutOptions, LogoutResult } from './logout-options.js'

/** What a sign-out needs of its client. */
export interface LogoutParts {
  readonly session: Session
  readonly explain: ProtocolContext['explain']
  /** The part of the lazily loaded code that signs out, see `sign-out.ts`. */
  readonly load: () => Promise<{
    readonly signOutAtServer: (tokenSet: TokenSet | undefined, options: LogoutOptions) => Promise<LogoutResult>
  }>
}

/** The first half of a sign-out: ends the session in this browser. `signOutAtServer` is the second. */
export async function logout({ session, explain, load }: LogoutParts, options: LogoutOptions): Promise<LogoutResult> {
  const { tokenSet } = session.state
  // Synchronous with the click, so that a refresh in flight finds another epoch.
  session.end('logout')
  // Before the record is deleted, so that no tab writes a new one in between.
  session.parts.sendToTabs('logout')
  // The stored token set may be newer, or not read yet.
  const stored = await session.clearRecord()
  try {
    const { signOutAtServer } = await load()
    return await signOutAtServer(stored ?? tokenSet, options)
  } catch (cause) {
    session.fail(await explain(cause))
    return { local: true, provider: false }
  }
}
