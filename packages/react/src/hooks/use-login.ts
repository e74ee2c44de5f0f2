'use client'
import type { LoginOptions, LoginResult, OAuthClientError } from '@latchkey/core'
import { useCallback } from 'react'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { useAttempt } from './use-attempt.js'

export interface Login {
  /** Call it inside the click for a popup. Resolves with undefined when the browser went away by redirect and came back without having left. */
  readonly login: (options?: LoginOptions) => Promise<LoginResult | undefined>
  /** True while a sign-in that this hook's `login` began is under way. */
  readonly isPending: boolean
  /** The last failure of this hook's `login`, until the next call. */
  readonly error: OAuthClientError | undefined
}

/**
 * @param name of one of the provider's clients; default: the first
 * @throws ConfigurationError outside `<OAuthProvider>`, and for a name it does not know
 */
export function useLogin(name?: ClientName): Login {
  const client = useClient(name)
  const { attempt, ...progress } = useAttempt(useCallback((options?: LoginOptions) => client.login(options), [client]))
  return { login: attempt, ...progress }
}
