import type { ProtocolContext } from './protocol-context.js'

const contexts = new WeakMap<object, ProtocolContext>()

/**
 * Returns the context of a sign-in over a session: the same, but for its DPoP key, which no token of the session may be used with. The
 * two must not share a key, because the sign-in may be another user's.
 */
export function withOwnKey(context: ProtocolContext): ProtocolContext {
  const { options, keyStore } = context
  if (!options.dpop) return context
  const known = contexts.get(options) ?? {
    ...context,
    // The handle of a key is found by the options.
    options: { ...options },
    keyStore: keyStore && { ...keyStore, prefix: `${keyStore.prefix}/sign-in` },
  }
  contexts.set(options, known)
  return known
}

/** Call it before the token request: another tab may have signed in with the same key, and made it that of the session. */
export async function restoreOwnKey(context: ProtocolContext): Promise<void> {
  if (context.options.dpop) await (await (await context.load()).dpop()).restoreKey(withOwnKey(context), context)
}

/** Makes the key of a sign-in that of the session, together with its tokens. */
export async function promoteOwnKey(context: ProtocolContext): Promise<void> {
  if (context.options.dpop) await (await (await context.load()).dpop()).promoteKey(withOwnKey(context), context)
}
