'use client'
import { refuseUnknownOptions, type LogoutOptions, type OAuthClient, type OptionNames } from '@latchkey/core'
import { startIdleTimeout, type IdleTimeout, type IdleTimeoutOptions } from '@latchkey/core/idle-timeout'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { IS_DEVELOPMENT } from '../provider/is-development.js'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { useLatest } from '../provider/use-latest.js'

/** Configures `useIdleTimeout`. */
export interface UseIdleTimeoutOptions extends Omit<IdleTimeoutOptions, 'onCountdown' | 'logout'> {
  /** Options for the sign-out. Default: sign out at the authorization server too. With `{ local: true }`: only in this app. */
  readonly logout?: LogoutOptions | undefined
  /** Name of one of the provider's clients. Default: the first. */
  readonly client?: ClientName | undefined
}

const OPTIONS: OptionNames<UseIdleTimeoutOptions> = {
  client: 'string',
  timeoutSeconds: 'number',
  warnSeconds: 'number',
  logout: 'object',
}

/** Describes what `useIdleTimeout` returns: the countdown before the sign-out. */
export interface UseIdleTimeoutResult {
  /** Whole seconds until the session ends; undefined before the countdown starts. */
  readonly secondsLeft: number | undefined
  /** Is treated as activity, for a "Stay signed in" button. */
  readonly keepAlive: () => void
}

/**
 * Signs out after a time without activity in any tab. The last seconds are counted down, in all tabs alike; the component renders
 * once a second during the countdown, and not before.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`, and (to the nearest error boundary) for invalid durations
 * @example
 * const { secondsLeft, keepAlive } = useIdleTimeout({ timeoutSeconds: 900, warnSeconds: 60 })
 * return secondsLeft !== undefined && <button onClick={keepAlive}>Stay signed in ({secondsLeft})</button>
 */
export function useIdleTimeout(options: UseIdleTimeoutOptions): UseIdleTimeoutResult {
  if (IS_DEVELOPMENT) refuseUnknownOptions('useIdleTimeout()', options, OPTIONS, 'required')
  const { client: name, timeoutSeconds, warnSeconds, logout } = { ...options }
  const client: OAuthClient<unknown> = useClient(name)
  const latestLogout = useLatest(logout)
  const [secondsLeft, setSecondsLeft] = useState<number | undefined>()
  const running = useRef<IdleTimeout>(undefined)
  useEffect(() => {
    const idle = startIdleTimeout(client, {
      timeoutSeconds,
      warnSeconds,
      onCountdown: setSecondsLeft,
      // Read at the end, because the option may be written inline and so be new in every render.
      logout: () => latestLogout.current,
    })
    running.current = idle
    return () => {
      idle.stop()
      setSecondsLeft(undefined)
    }
  }, [client, timeoutSeconds, warnSeconds, latestLogout])
  const keepAlive = useCallback(() => running.current?.keepAlive(), [])
  return useMemo(() => ({ secondsLeft, keepAlive }), [secondsLeft, keepAlive])
}
