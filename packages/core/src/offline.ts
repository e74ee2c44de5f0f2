import type { ClientParts } from './client-parts.js'
import { NetworkError } from './errors.js'

/** @returns the failure of a call that needs the network while the device has none */
export function offlineError(message: string, cause?: unknown): NetworkError {
  return new NetworkError('offline', message, {
    hint: 'The device is offline: try again when it is back. The session is kept.',
    retryable: true,
    ...(cause === undefined ? {} : { cause }),
  })
}

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
      offlineError('offline for longer than "offlineGrace" allows: the session is not shown until the network is back'),
    )
  }
}
