import type { ClientParts } from './client-parts.js'
import { NetworkError } from './errors.js'

/** After `offlineGrace` without a network the session is no longer shown. It stays stored: `online` brings it back. */
export function suspendWhenOfflineTooLong({
  config,
  session,
  context,
}: Pick<ClientParts, 'config' | 'session' | 'context'>): void {
  const { environment, options } = config
  const expiresAt = session.state.tokenSet?.expiresAt
  if (environment.window?.navigator.onLine !== false || options.offlineGrace === undefined || expiresAt === undefined) return
  const now = environment.now() / 1000 + context.clockOffsetSeconds()
  if (now > expiresAt + options.offlineGrace) {
    session.suspend(
      new NetworkError('offline', 'offline for longer than "offlineGrace" allows: the session is not shown for now', {
        hint: 'Nothing is lost: it is shown again when the network is back.',
        retryable: true,
      }),
    )
  }
}
