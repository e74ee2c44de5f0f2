import { asClientError } from '../errors/client-error.js'
import { loadFlows } from '../client/lazy.js'
import type { LogoutOptions, LogoutResult } from './logout-options.js'
import type { SignOutParts } from './sign-out.js'

export async function logout(parts: SignOutParts, options: LogoutOptions): Promise<LogoutResult> {
  const { session } = parts
  const { tokenSet } = session.state
  // First here, in the same turn as the click: a refresh that is on its way finds another epoch.
  session.end('logout')
  // What is stored may be newer, or not read yet.
  const stored = await session.clearRecord()
  try {
    const { signOutAtServer } = await loadFlows()
    return await signOutAtServer(parts, stored ?? tokenSet, options)
  } catch (cause) {
    session.fail(asClientError(cause))
    return { local: true, provider: false }
  }
}
