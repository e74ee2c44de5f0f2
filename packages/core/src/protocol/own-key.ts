import type { ProtocolContext } from './protocol-context.js'

/**
 * Returns the context of a sign-in over a session: the same, but for its DPoP key, which no token of the session may be used with. The
 * two must not share a key, because the sign-in may be another user's.
 */
export async function ownKeyContext(context: ProtocolContext): Promise<ProtocolContext> {
  return context.options.dpop ? (await (await context.load()).dpop()).withOwnKey(context) : context
}

/**
 * As above, once the response is there. Call it before the token request: another tab may have signed in with the same key, and made it that
 * of the session.
 */
export async function restoreOwnKey(context: ProtocolContext): Promise<ProtocolContext> {
  return context.options.dpop ? (await (await context.load()).dpop()).restoreKey(context) : context
}

/** Makes the key of a sign-in that of the session, together with its tokens. */
export async function promoteOwnKey(context: ProtocolContext): Promise<void> {
  if (context.options.dpop) await (await (await context.load()).dpop()).promoteKey(context)
}
