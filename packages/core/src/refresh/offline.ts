import { createError } from '../errors/create-error.js'
import type { ClientParts } from '../client/client-parts.js'

/**
 * After `offlineGrace` without a network the session is no longer shown. It stays stored: `online` brings it back.
 *
 * @returns milliseconds until then; undefined when it is shown without end, or not shown any more
 */
export function suspendWhenOfflineTooLong({
  config,
  session,
  context,
}: Pick<ClientParts, 'config' | 'session' | 'context'>): number | undefined {
  const { environment, options } = config
  const expiresAt = session.state.tokenSet?.expiresAt
  if (environment.window?.navigator.onLine !== false || options.offlineGrace === undefined || expiresAt === undefined) {
    return undefined
  }
  const left = (expiresAt + options.offlineGrace - context.clockOffsetSeconds()) * 1000 - environment.now()
  if (left >= 0) return left
  session.suspend(
    createError('offline', 'offline for longer than "offlineGrace" allows: the session is not shown for now', {
      hint: 'Nothing is lost: it is shown again when the network is back.',
      retryable: true,
    }),
  )
  return undefined
}
