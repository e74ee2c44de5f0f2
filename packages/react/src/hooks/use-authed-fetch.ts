'use client'
import { refuseUnknownOptions, type AuthedRequestInit, type OptionNames } from '@latchkey/core'
import { useCallback } from 'react'
import { IS_DEVELOPMENT } from '../provider/is-development.js'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'

/** Has the signature of `fetch`; `init` may also contain `withholdToken` and `resource`. */
export type AuthedFetch = (input: RequestInfo | URL, init?: AuthedRequestInit) => Promise<Response>

/** Configures `useAuthedFetch`. */
export interface UseAuthedFetchOptions {
  /** Name of one of the provider's clients. Default: the first. */
  readonly client?: ClientName | undefined
  /** Resource indicator (RFC 8707) for every request. Default: that of the matching entry in the client’s `resources`. */
  readonly resource?: string | undefined
}

const OPTIONS: OptionNames<UseAuthedFetchOptions> = { client: 'string', resource: 'string' }

/**
 * Returns a `fetch` that adds the access token, and sends it only to the client's `resources`.
 *
 * @returns the same function in every render. It rejects with ConfigurationError `resource_not_allowed` before anything is sent, with
 *   SessionError if no user is signed in, and as `fetch` itself does if the request fails (`TypeError`) or is aborted (`signal.reason`)
 * @throws ConfigurationError outside `<OAuthProvider>`, and for an unknown client
 * @see RFC 6750, section 2.1
 */
export function useAuthedFetch(options: UseAuthedFetchOptions = {}): AuthedFetch {
  if (IS_DEVELOPMENT) refuseUnknownOptions('useAuthedFetch()', options, OPTIONS)
  const { client: name, resource } = { ...options }
  const client = useClient(name)
  return useCallback(
    (input, init) => client.fetch(input, resource === undefined ? init : { resource, ...init }),
    [client, resource],
  )
}
