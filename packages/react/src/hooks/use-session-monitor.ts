'use client'
import { OAuthClientError, refuseUnknownOptions, type OAuthClient, type OptionNames, type SessionState } from '@latchkey/core'
import { monitorSession, type SessionMonitorOptions } from '@latchkey/core/session-monitor'
import { useEffect, useMemo, useState } from 'react'
import { IS_DEVELOPMENT } from '../provider/is-development.js'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { testDoubleOf } from '../provider/test-doubles.js'
import { useSessionState } from './use-session-state.js'

/** Configures `useSessionMonitor`. */
export interface UseSessionMonitorOptions extends Omit<SessionMonitorOptions, 'onStopped'> {
  /** Name of one of the provider's clients. Default: the first. */
  readonly client?: ClientName | undefined
}

const OPTIONS: OptionNames<UseSessionMonitorOptions> = { client: 'string', intervalSeconds: 'number', redirectUri: 'string' }

/** Describes what `useSessionMonitor` returns. */
export interface UseSessionMonitorResult {
  /** Why this session cannot be monitored, if it cannot. The session itself is not affected. */
  readonly error: OAuthClientError | undefined
}

/**
 * Ends the session when the user signs out at the authorization server, while the component is mounted. A change is verified by a
 * silent sign-in before the session ends. The session of a worker's client cannot be monitored, which `error` says; that of a test is not.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client or invalid interval
 * @see OpenID Connect Session Management 1.0, section 3
 */
export function useSessionMonitor(options: UseSessionMonitorOptions = {}): UseSessionMonitorResult {
  if (IS_DEVELOPMENT) refuseUnknownOptions('useSessionMonitor()', options, OPTIONS)
  const { client: name, intervalSeconds, redirectUri } = { ...options }
  const client = useClient(name)
  const session = useSessionState(client, monitoredSession)
  const [stopped, setStopped] = useState<{ readonly error: OAuthClientError; readonly session: string } | undefined>()
  useEffect(() => {
    if (testDoubleOf(client)) return undefined
    const onStopped = (error: OAuthClientError): void => setStopped({ error, session: monitoredSession(client.getSnapshot()) })
    const stop = startMonitor(client, { intervalSeconds, redirectUri, onStopped })
    return () => {
      stop()
      setStopped(undefined)
    }
  }, [client, intervalSeconds, redirectUri])
  const error = stopped?.session === session ? stopped.error : undefined
  return useMemo(() => ({ error }), [error])
}

/**
 * @returns stops the monitor
 * @throws ConfigurationError for invalid options
 */
function startMonitor(client: OAuthClient<unknown>, options: SessionMonitorOptions): () => void {
  try {
    const monitor = monitorSession(client, options)
    return () => monitor.stop()
  } catch (cause) {
    // The app may use the client of a worker in one place and this hook in all. A wrong option is a mistake wherever it is.
    if (!(cause instanceof OAuthClientError) || cause.code !== 'unsupported') throw cause
    options.onStopped?.(cause)
    return () => undefined
  }
}

/** Identifies the session that an error belongs to: the next session may be monitored again. */
function monitoredSession({ status, tokenSet }: SessionState<unknown>): string {
  return tokenSet?.sessionState ?? status
}
