import { createError } from '../errors/create-error.js'
import { OAuthClientError } from '../errors/errors.js'
import type { Emitter } from '../platform/emitter.js'
import type { Session } from '../session/session.js'
import type { ClientEvents } from './events.js'

/** Tells the app that the storage failed. */
export async function reportStorage(
  { events, session }: { readonly events: Emitter<ClientEvents>; readonly session: Session },
  cause: unknown,
): Promise<void> {
  const error = await session.parts.explain(
    cause instanceof OAuthClientError ? cause : createError('storage', ['storageFailed', String(cause)], { cause }),
  )
  events.emit('storage-degraded', { error })
  if (error === cause) session.fail(error)
}
