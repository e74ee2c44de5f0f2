'use client'
import { refuseUnknownOptions, type OAuthClient, type OptionNames, type SessionState } from '@latchkey/core'
import { useEffect, useMemo, useState } from 'react'
import { IS_DEVELOPMENT } from '../provider/is-development.js'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'
import { testDoubleOf } from '../provider/test-doubles.js'
import { listenForLogout } from './logout-stream.js'
import { useSessionState } from './use-session-state.js'

/** Configures `useBackChannelLogout`. */
export interface UseBackChannelLogoutOptions {
  /** The URL of the API's stream of server-sent events, in the client's `resources`. It gets the access token, as every call of the API. */
  readonly url: string
  /** Name of one of the provider's clients. Default: the first. */
  readonly client?: ClientName | undefined
}

/** Describes what `useBackChannelLogout` returns. */
export interface UseBackChannelLogoutResult {
  /** Why this session is not listened for, if the API refuses the stream. The session itself is not affected. */
  readonly error: Error | undefined
}

const OPTIONS: OptionNames<UseBackChannelLogoutOptions> = { url: 'string', client: 'string' }

/**
 * Ends the session when the authorization server has ended it and told the API (Back-Channel Logout), while the component is mounted and
 * the user is signed in: listens for the event `logout` of a stream, for example that of `createLogoutChannel` of `@latchkey/resource/logout`.
 * Connects again after a failure. The client of a worker reads whole responses, so it cannot listen.
 *
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client
 * @see OpenID Connect Back-Channel Logout 1.0
 */
export function useBackChannelLogout(options: UseBackChannelLogoutOptions): UseBackChannelLogoutResult {
  if (IS_DEVELOPMENT) refuseUnknownOptions('useBackChannelLogout()', options, OPTIONS, 'required')
  const { client: name, url } = { ...options }
  const client: OAuthClient<unknown> = useClient(name)
  const user = useSessionState(client, signedInUser)
  const [error, setError] = useState<Error | undefined>()
  useEffect(() => {
    if (user === undefined || testDoubleOf(client)) return undefined
    const abort = new AbortController()
    void listenForLogout(client, { url, signal: abort.signal, onRefused: setError })
    return () => {
      abort.abort()
      setError(undefined)
    }
  }, [client, url, user])
  return useMemo(() => ({ error }), [error])
}

/** Identifies the session that is listened for; undefined while no user is signed in. */
function signedInUser({ status, claims }: SessionState<unknown>): string | undefined {
  if (status !== 'signed-in') return undefined
  const sub: unknown = typeof claims === 'object' && claims !== null && 'sub' in claims ? claims.sub : ''
  return typeof sub === 'string' ? sub : ''
}
