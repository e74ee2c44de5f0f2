import type { ClientEvents } from './client-events.js'
import type { Emitter } from './emitter.js'
import { SessionError } from './errors.js'

/** @returns a signal for the requests of now: aborted when their session is over, so that nothing of a former user arrives later */
export function createSessionSignal(events: Emitter<ClientEvents>): () => AbortSignal {
  let current = new AbortController()
  const end = (): void => {
    current.abort(new SessionError('missing_token', 'the session this request belonged to is over', { hint: 'Sign in again.' }))
    current = new AbortController()
  }
  events.on('signed-out', end)
  events.on('user-changed', end)
  return () => current.signal
}
