import type { UserClaims } from '../protocol/claims.js'
import { protocolInternalsOf } from '../protocol/client-registry.js'
import type { ServerRecord } from '../protocol/server-metadata.js'
import { establishSession } from '../session/write-session.js'
import type { OAuthClient } from './client.js'
import { internalsOf } from './internals.js'

// What the developer tools of @latchkey/react use of a client beyond its public interface.

/** Returns the short name of the client that is part of the names of its locks; undefined for another kind of client. */
export function clientKeyOf(client: OAuthClient<unknown>): string | undefined {
  try {
    return internalsOf(client).config.key
  } catch {
    return undefined
  }
}

/** Returns the server metadata and keys that the client has stored, without a request; undefined for another kind of client. */
export async function storedServer(client: OAuthClient<unknown>): Promise<ServerRecord | undefined> {
  try {
    return await protocolInternalsOf(client).context.readServer()
  } catch {
    return undefined
  }
}

/** Replaces the stored session by one of another user with the same tokens, as a sign-in in this client's tab would. */
export async function replaceUser(client: OAuthClient<unknown>, claims: UserClaims): Promise<void> {
  const { session, config } = internalsOf(client)
  const { tokenSet } = session.state
  if (!tokenSet) return
  const signedInAt = Math.floor(config.environment.now() / 1000)
  await establishSession(session, {
    tokenSet: { ...tokenSet, claims: claims as typeof tokenSet.claims, signedInAt },
    reason: 'login',
  })
}
