import { type ClientOptions, createOAuthClient, memory, type OAuthClient, type TokenSet } from '@latchkey/core'
import { useCallback, useEffect, useRef } from 'react'
import { useConnection } from '../connection/connection-context.js'
import { recordExperimentRequest } from '../network-log/navigations.js'
import { experimentFetch } from '../network-log/logging-fetch.js'

/** What a page of the lab changes of its client. */
export type ExperimentOptions = Partial<Omit<ClientOptions, 'storage'>>

/**
 * Clients to try things with, beside the app's own: in memory, at the server in use, signed in to by popup. What happens with them
 * leaves the session of the app alone.
 *
 * @returns a function that makes one, in the place of the former; the last one ends with the component
 */
export function useExperimentClient(): (options?: ExperimentOptions) => OAuthClient {
  const { issuer, clientId, scope } = useConnection().connection
  const former = useRef<OAuthClient>(undefined)
  useEffect(() => () => void former.current?.close(), [])
  return useCallback(
    (options = {}) => {
      void former.current?.close()
      former.current = createOAuthClient({
        issuer,
        clientId,
        scope,
        redirectUri: `${location.origin}/`,
        name: `lab ${crypto.randomUUID()}`,
        fetch: experimentFetch,
        compliance: { authorizationRequest: recordExperimentRequest },
        ...options,
        storage: memory(),
      })
      return former.current
    },
    [issuer, clientId, scope],
  )
}

/** Signs in to a lab client by popup. */
export async function signInByPopup(client: OAuthClient, login: Parameters<OAuthClient['login']>[0] = {}): Promise<TokenSet> {
  const result = await client.login({ transport: 'popup', ...login })
  if (!result) throw new Error('the popup came back without an answer')
  return result.tokenSet
}
