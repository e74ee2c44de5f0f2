'use client'
import type { OAuthClientError } from '@latchkey/core'
import { monitorSession, type SessionMonitorOptions } from '@latchkey/core/session-monitor'
import { useEffect, useState } from 'react'
import { useClient } from './oauth-context.js'
import type { ClientName } from './register.js'

export interface UseSessionMonitorOptions extends Omit<SessionMonitorOptions, 'onStopped'> {
  /** One of the provider's clients; default: the first. */
  readonly client?: ClientName
}

export interface SessionMonitoring {
  /** Why this session cannot be watched, where it cannot: the session itself goes on. */
  readonly error: OAuthClientError | undefined
}

/**
 * Ends the session when the person signs out at the authorization server, while the component is mounted. What is noticed is
 * verified by a silent sign-in first.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`
 * @see OpenID Connect Session Management 1.0
 */
export function useSessionMonitor(options: UseSessionMonitorOptions = {}): SessionMonitoring {
  const { client: name, intervalSeconds, redirectUri } = options
  const client = useClient(name)
  const [error, setError] = useState<OAuthClientError | undefined>()
  useEffect(() => {
    const { stop } = monitorSession(client, {
      ...(intervalSeconds === undefined ? {} : { intervalSeconds }),
      ...(redirectUri === undefined ? {} : { redirectUri }),
      onStopped: setError,
    })
    const stopListening = client.on('signed-in', () => setError(undefined))
    return () => {
      stop()
      stopListening()
      setError(undefined)
    }
  }, [client, intervalSeconds, redirectUri])
  return { error }
}
