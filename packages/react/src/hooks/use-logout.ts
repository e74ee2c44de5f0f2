'use client'
import type { LogoutOptions, LogoutResult, OAuthClientError } from '@latchkey/core'
import { useCallback } from 'react'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { useAttempt } from './use-attempt.js'

export interface Logout {
  /** Signs out here at once, then at the authorization server where it has an end session endpoint. */
  readonly logout: (options?: LogoutOptions) => Promise<LogoutResult>
  /** True while a sign-out that this hook's `logout` began is under way. */
  readonly isPending: boolean
  /** The last failure of this hook's `logout`, until the next call. */
  readonly error: OAuthClientError | undefined
}

/**
 * @param name of one of the provider's clients; default: the first
 * @throws ConfigurationError outside `<OAuthProvider>`, and for a name it does not know
 * @see OpenID Connect RP-Initiated Logout 1.0, section 2
 */
export function useLogout(name?: ClientName): Logout {
  const client = useClient(name)
  const { attempt, ...progress } = useAttempt(useCallback((options?: LogoutOptions) => client.logout(options), [client]))
  return { logout: attempt, ...progress }
}
