'use client'
import type { OAuthClientError, SessionState } from '@latchkey/core'
import { monitorSession, type SessionMonitorOptions } from '@latchkey/core/session-monitor'
import { useEffect, useState } from 'react'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { useSessionState } from './use-session-state.js'

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
  const present = useSessionState(client, watchedOf)
  const [told, setTold] = useState<{ readonly error: OAuthClientError; readonly of: string } | undefined>()
  useEffect(() => {
    const monitor = monitorSession(client, {
      ...(intervalSeconds === undefined ? {} : { intervalSeconds }),
      ...(redirectUri === undefined ? {} : { redirectUri }),
      onStopped: (error) => setTold({ error, of: watchedOf(client.getSnapshot()) }),
    })
    return () => {
      monitor.stop()
      setTold(undefined)
    }
  }, [client, intervalSeconds, redirectUri])
  return { error: told?.of === present ? told.error : undefined }
}

/** What was told of one session says nothing of the next. */
function watchedOf({ status, tokenSet }: SessionState<unknown>): string {
  return tokenSet?.sessionState ?? status
}
