'use client'
import type { LoginOptions, LoginResult, OAuthClientError } from '@latchkey/core'
import { useCallback } from 'react'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { useAttempt } from './use-attempt.js'

/** Describes what `useLogin` returns. */
export interface UseLoginResult {
  /**
   * Signs in. For a popup, call it inside the click handler.
   *
   * @returns the session. A redirect leaves the page, so its promise stays pending; it resolves with undefined if the page is
   *   restored from the back/forward cache
   */
  readonly login: (options?: LoginOptions) => Promise<LoginResult | undefined>
  /** True while a sign-in started by this `login` is in progress. */
  readonly isPending: boolean
  /** The last failure of this `login`, until the next call. */
  readonly error: OAuthClientError | undefined
}

/**
 * Returns `login` with its own progress and error. Renders only when these change.
 *
 * @param name of one of the provider's clients. Default: the first
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client
 * @see RFC 6749, section 4.1; OpenID Connect Core 1.0, section 3.1
 */
export function useLogin(name?: ClientName): UseLoginResult {
  const client = useClient(name)
  return useAttempt(
    'login',
    useCallback((options?: LoginOptions) => client.login(options), [client]),
  )
}
