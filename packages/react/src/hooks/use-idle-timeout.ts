'use client'
import type { LogoutOptions, OAuthClient } from '@latchkey/core'
import { startIdleTimeout, type IdleTimeout, type IdleTimeoutOptions } from '@latchkey/core/idle-timeout'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { useLatest } from '../provider/use-latest.js'

export interface UseIdleTimeoutOptions extends Omit<IdleTimeoutOptions, 'onCountdown' | 'logout'> {
  /** How the session is ended. Default: as `logout()` does, at the authorization server too. `{ local: true }`: here alone. */
  readonly logout?: LogoutOptions
  /** One of the provider's clients; default: the first. */
  readonly client?: ClientName
}

export interface IdleCountdown {
  /** Whole seconds until the session ends; undefined while there is time. */
  readonly secondsLeft: number | undefined
  /** "Stay signed in": counts as activity. */
  readonly keepAlive: () => void
}

/**
 * Ends the session when nobody was active in any tab for a time, and counts the last seconds down, the same in all tabs. Renders once a second while the countdown runs, and not before.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`, and (into the nearest error boundary) for durations that make no sense
 * @example
 * const { secondsLeft, keepAlive } = useIdleTimeout({ timeoutSeconds: 900, warnSeconds: 60 })
 * return secondsLeft !== undefined && <button onClick={keepAlive}>Stay signed in ({secondsLeft})</button>
 */
export function useIdleTimeout({ client: name, timeoutSeconds, warnSeconds, logout }: UseIdleTimeoutOptions): IdleCountdown {
  const client: OAuthClient<unknown> = useClient(name)
  const latestLogout = useLatest(logout)
  const [secondsLeft, setSecondsLeft] = useState<number | undefined>()
  const running = useRef<IdleTimeout>(undefined)
  useEffect(() => {
    const durations = warnSeconds === undefined ? { timeoutSeconds } : { timeoutSeconds, warnSeconds }
    // Asked when it ends: the option may be written inline, and what the last render said counts.
    const options = { ...durations, onCountdown: setSecondsLeft, logout: () => latestLogout.current }
    const idle = startIdleTimeout(client, options)
    running.current = idle
    return () => {
      idle.stop()
      setSecondsLeft(undefined)
    }
  }, [client, timeoutSeconds, warnSeconds, latestLogout])
  return { secondsLeft, keepAlive: useCallback(() => running.current?.keepAlive(), []) }
}
