'use client'
import type { LogoutOptions, LogoutResult, OAuthClientError } from '@latchkey/core'
import { useCallback } from 'react'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { useAttempt } from './use-attempt.js'

/** Describes what `useLogout` returns. */
export interface UseLogoutResult {
  /** Signs out in this app at once, then at the authorization server if it has an end session endpoint. */
  readonly logout: (options?: LogoutOptions) => Promise<LogoutResult>
  /** True while a sign-out started by this `logout` is in progress. */
  readonly isPending: boolean
  /** The last failure of this `logout`, until the next call. */
  readonly error: OAuthClientError | undefined
}

/**
 * Returns `logout` with its own progress and error. Renders only when these change.
 *
 * @param name of one of the provider's clients. Default: the first
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client
 * @see OpenID Connect RP-Initiated Logout 1.0, section 2
 */
export function useLogout(name?: ClientName): UseLogoutResult {
  const client = useClient(name)
  return useAttempt(
    'logout',
    useCallback((options?: LogoutOptions) => client.logout(options), [client]),
  )
}
