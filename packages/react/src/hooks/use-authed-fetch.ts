'use client'
import type { AuthedRequestInit } from '@latchkey/core'
import { useCallback } from 'react'
import { useClient } from '../provider/oauth-context.js'
import type { ClientName } from '../provider/register.js'

/** `fetch`'s own signature; `init` may also carry `withholdToken` and `resource`. */
export type AuthedFetch = (input: RequestInfo | URL, init?: AuthedRequestInit) => Promise<Response>

export interface AuthedFetchOptions {
  /** Name of one of the provider's clients; default: the first. */
  readonly client?: ClientName | undefined
  /** Resource indicator (RFC 8707) for every request, where the URL does not tell. */
  readonly resource?: string | undefined
}

/**
 * A `fetch` that sends the access token, to the resources that the client's options name and nowhere else.
 *
 * @returns the same function in every render
 * @throws ConfigurationError outside `<OAuthProvider>`, and for a client it does not know. The function rejects with
 *   ConfigurationError resource_not_allowed before anything is sent, with SessionError when there is no token to send.
 * @see RFC 6750, section 2.1
 */
export function useAuthedFetch({ client: name, resource }: AuthedFetchOptions = {}): AuthedFetch {
  const client = useClient(name)
  return useCallback(
    (input, init) => client.fetch(input, resource === undefined ? init : { resource, ...init }),
    [client, resource],
  )
}
