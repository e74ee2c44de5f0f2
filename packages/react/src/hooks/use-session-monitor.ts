'use client'
import type { OAuthClientError, SessionState } from '@latchkey/core'
import { monitorSession, type SessionMonitorOptions } from '@latchkey/core/session-monitor'
import { useEffect, useState } from 'react'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { useSessionState } from './use-session-state.js'

/** Configures `useSessionMonitor`. */
export interface UseSessionMonitorOptions extends Omit<SessionMonitorOptions, 'onStopped'> {
  /** Name of one of the provider's clients. Default: the first. */
  readonly client?: ClientName | undefined
}

/** Describes what `useSessionMonitor` returns. */
export interface UseSessionMonitorResult {
  /** Why this session cannot be monitored, if it cannot. The session itself is not affected. */
  readonly error: OAuthClientError | undefined
}

/**
 * Ends the session when the user signs out at the authorization server, while the component is mounted. A change is verified by a
 * silent sign-in before the session ends.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client
 * @see OpenID Connect Session Management 1.0, section 3
 */
export function useSessionMonitor(options: UseSessionMonitorOptions = {}): UseSessionMonitorResult {
  const { client: name, intervalSeconds, redirectUri } = options
  const client = useClient(name)
  const session = useSessionState(client, monitoredSession)
  const [stopped, setStopped] = useState<{ readonly error: OAuthClientError; readonly session: string } | undefined>()
  useEffect(() => {
    const monitor = monitorSession(client, {
      intervalSeconds,
      redirectUri,
      onStopped: (error) => setStopped({ error, session: monitoredSession(client.getSnapshot()) }),
    })
    return () => {
      monitor.stop()
      setStopped(undefined)
    }
  }, [client, intervalSeconds, redirectUri])
  return { error: stopped?.session === session ? stopped.error : undefined }
}

/** Identifies the session that an error belongs to: the next session may be monitored again. */
function monitoredSession({ status, tokenSet }: SessionState<unknown>): string {
  return tokenSet?.sessionState ?? status
}
