import type { ProtocolContext } from '../protocol/protocol-context.js'

/**
 * Ends the DPoP key of this client, so that the next user has another one. It never rejects: a sign-out does not depend on it.
 *
 * @param isStored false if another tab has deleted the stored key, which may be that of a new session by now
 */
export async function endKey(context: ProtocolContext, isStored: boolean): Promise<void> {
  if (!context.options.dpop) return
  try {
    const { endDPoPKey } = await (await context.load()).dpop()
    await endDPoPKey(context, isStored)
  } catch (cause) {
    context.logger.warn('the DPoP key was not deleted', { code: (await context.explain(cause)).code })
  }
}
