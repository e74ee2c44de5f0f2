'use client'
import type { OAuthClientError, TokenSet } from '@latchkey/core'
import { deviceAuthorization, type DeviceAuthorization, type GrantRequestOptions, type PollOptions } from '@latchkey/core/grants'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { testDoubleOf } from '../provider/test-doubles.js'

/** What the app shows to the user. */
type Instructions = Pick<DeviceAuthorization, 'userCode' | 'verificationUri' | 'verificationUriComplete' | 'expiresAt'>

/** The state of the sign-in. */
type Progress =
  | { readonly status: 'idle' | 'starting'; readonly instructions?: undefined; readonly error?: undefined }
  /** The user has to open `verificationUri` on another device and enter `userCode`. */
  | { readonly status: 'waiting'; readonly instructions: Instructions; readonly error?: undefined }
  | { readonly status: 'failed'; readonly instructions?: undefined; readonly error: OAuthClientError }

/** Describes what `useDeviceLogin` returns: the progress of the sign-in, and the functions to start and cancel it. */
export type UseDeviceLoginResult = Progress & {
  /**
   * Requests a code and waits for the user. A second call starts over. Never rejects: a failure is in `error`.
   *
   * @returns the token set; undefined if the sign-in failed or was canceled
   */
  readonly login: (options?: GrantRequestOptions & PollOptions) => Promise<TokenSet | undefined>
  /** Stops waiting and sets the status to `idle`. */
  readonly cancel: () => void
}

const IDLE: Progress = { status: 'idle' }

/**
 * Signs in by means of another device: show the address and the code, and the user approves the sign-in there. Waiting ends when
 * the component unmounts.
 *
 * @param name of one of the provider's clients. Default: the first
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client
 * @see RFC 8628
 */
export function useDeviceLogin(name?: ClientName): UseDeviceLoginResult {
  const client = useClient<never>(name)
  const [progress, setProgress] = useState<Progress>(IDLE)
  const running = useRef<AbortController>(undefined)
  const stop = useCallback(() => {
    running.current?.abort()
    running.current = undefined
  }, [])
  const cancel = useCallback(() => {
    stop()
    setProgress(IDLE)
  }, [stop])
  const login = useCallback(
    async (options: GrantRequestOptions & PollOptions = {}) => {
      stop()
      const attempt = new AbortController()
      running.current = attempt
      // The progress of a canceled or earlier attempt is discarded.
      const show = (next: Progress): void => (running.current === attempt ? setProgress(next) : undefined)
      show({ status: 'starting' })
      try {
        const double = testDoubleOf(client)
        const start = double?.deviceAuthorization ?? ((given: GrantRequestOptions) => deviceAuthorization(client, given))
        const signal = signalOf(options, attempt)
        const instructions = await start(signal ? { ...options, signal } : options)
        show({ status: 'waiting', instructions })
        const tokenSet = await instructions.poll({ ...options, signal })
        show(IDLE)
        return tokenSet
      } catch (cause) {
        // Grants reject with OAuthClientError only.
        show({ status: 'failed', error: cause as OAuthClientError })
        return undefined
      }
    },
    [client, stop],
  )
  useEffect(() => stop, [stop])
  return useMemo(() => ({ ...progress, login, cancel }), [progress, login, cancel])
}

/** @returns undefined for options that the request refuses */
function signalOf(options: GrantRequestOptions | null, attempt: AbortController): AbortSignal | undefined {
  if (typeof options !== 'object' || options === null) return undefined
  const { signal } = options
  if (signal === undefined || signal === null) return attempt.signal
  return typeof signal.addEventListener === 'function' ? AbortSignal.any([signal, attempt.signal]) : undefined
}
