import type { OAuthClientError } from '../errors/errors.js'
import type { RefreshEvents } from '../refresh/refresh-options.js'
import type { EventCorrelation, SessionEvents } from '../session/session-options.js'
import type { SignInEvents } from '../sign-in/sign-in-options.js'

/** The events of a client (`client.on(name, listener)`). */
export interface ClientEvents extends SessionEvents, SignInEvents, RefreshEvents {
  /**
   * Emitted once: storage failed and the session falls back to memory, or a stored record cannot be read. `reload_required`: a newer
   * release of the app, in another tab, wrote the record.
   */
  'storage-degraded': EventCorrelation & { readonly error: OAuthClientError }
}

/** The names of all client events, for code that forwards them. */
export const CLIENT_EVENT_NAMES: ReadonlyArray<keyof ClientEvents> = [
  'signed-in',
  'signed-out',
  'user-changed',
  'token-set',
  'refresh-failed',
  'storage-degraded',
  'callback-ignored',
  'error',
]
