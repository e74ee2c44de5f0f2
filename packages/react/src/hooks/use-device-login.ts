'use client'
import type { OAuthClientError, TokenSet } from '@latchkey/core'
import { deviceAuthorization, type DeviceAuthorization, type GrantOptions, type PollOptions } from '@latchkey/core/grants'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'

/** What to show to the person. */
type Instructions = Pick<DeviceAuthorization, 'userCode' | 'verificationUri' | 'verificationUriComplete' | 'expiresAt'>

type Progress =
  | { readonly status: 'idle' | 'starting'; readonly instructions?: undefined; readonly error?: undefined }
  /** The person is to open `verificationUri` elsewhere and type in `userCode`. */
  | { readonly status: 'waiting'; readonly instructions: Instructions; readonly error?: undefined }
  | { readonly status: 'failed'; readonly instructions?: undefined; readonly error: OAuthClientError }

export type DeviceLogin = Progress & {
  /** Asks for a code and waits for the person. Begins anew when called again; a failure is in `error` too. */
  readonly login: (options?: GrantOptions & PollOptions) => Promise<TokenSet | undefined>
  readonly cancel: () => void
}

const idle: Progress = { status: 'idle' }

/**
 * Signs in with another device: this one shows an address and a code, and is signed in once the person has agreed there. The waiting
 * ends with the component.
 *
 * @param name of one of the provider's clients; default: the first
 * @throws ConfigurationError outside `<OAuthProvider>`, and for a name it does not know
 * @see RFC 8628
 */
export function useDeviceLogin(name?: ClientName): DeviceLogin {
  const client = useClient<never>(name)
  const [progress, setProgress] = useState<Progress>(idle)
  const running = useRef<AbortController>(undefined)
  const stop = useCallback(() => {
    running.current?.abort()
    running.current = undefined
  }, [])
  const cancel = useCallback(() => {
    stop()
    setProgress(idle)
  }, [stop])
  const login = useCallback(
    async (options: GrantOptions & PollOptions = {}) => {
      stop()
      const attempt = new AbortController()
      running.current = attempt
      // An attempt that was cancelled or overtaken says nothing any more.
      const show = (next: Progress): void => (running.current === attempt ? setProgress(next) : undefined)
      const signal = options.signal ? AbortSignal.any([options.signal, attempt.signal]) : attempt.signal
      show({ status: 'starting' })
      try {
        const instructions = await deviceAuthorization(client, { ...options, signal })
        show({ status: 'waiting', instructions })
        const tokenSet = await instructions.poll({ ...options, signal })
        show(idle)
        return tokenSet
      } catch (cause) {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the core rejects with nothing else
        show({ status: 'failed', error: cause as OAuthClientError })
        return undefined
      }
    },
    [client, stop],
  )
  useEffect(() => stop, [stop])
  return { ...progress, login, cancel }
}
