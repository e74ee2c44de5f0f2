'use client'
import type { ClientEvents } from '@latchkey/core'
import { useEffect } from 'react'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { useLatest } from '../provider/use-latest.js'

/**
 * Calls `listener` for every event of this type while the component is mounted. The listener may be written inline.
 *
 * @param name of one of the provider's clients. Default: the first
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client
 */
export function useSessionEvent<Type extends keyof ClientEvents>(
  type: Type,
  listener: (event: ClientEvents[Type]) => void,
  name?: ClientName,
): void {
  const client = useClient(name)
  const latest = useLatest(listener)
  useEffect(() => client.on(type, (event) => latest.current(event)), [client, type, latest])
}
