import { type ClientOptions, createOAuthClient, memory, type OAuthClient, type TokenSet } from '@latchkey/core'
import { useCallback, useEffect, useRef } from 'react'
import { useConnection } from '../connection/connection-context.js'
import { openAlteredPopup } from '../faults/altered-popup.js'
import type { Fault } from '../faults/fault.js'
import { recordExperimentRequest } from '../network-log/navigations.js'
import { createLoggingFetch } from '../network-log/logging-fetch.js'

/** Client options that an experiment may set. */
export type ExperimentOptions = Partial<Omit<ClientOptions, 'storage'>>

/**
 * Creates clients for experiments: at the current server, with storage in memory, signed in by popup. They do not affect the
 * session of the playground.
 *
 * @param fault goes wrong between these clients and the server
 * @returns a function that creates a client and closes the previous one; the last one is closed when the component unmounts
 */
export function useExperimentClient(fault?: Fault): (options?: ExperimentOptions) => OAuthClient {
  const { issuer, clientId, scope } = useConnection().connection
  const previous = useRef<OAuthClient>(undefined)
  useEffect(() => () => void previous.current?.close(), [])
  return useCallback(
    (options = {}) => {
      void previous.current?.close()
      previous.current = createOAuthClient({
        issuer,
        clientId,
        scope,
        redirectUri: `${location.origin}/`,
        name: `experiment ${crypto.randomUUID()}`,
        ...faultyOptions(fault),
        ...options,
        storage: memory(),
      })
      return previous.current
    },
    [issuer, clientId, scope, fault],
  )
}

/** Returns options that record every message, and simulate the fault. */
export function faultyOptions(fault: Fault | undefined): ExperimentOptions {
  const { alteration, options } = fault ?? {}
  return {
    fetch: createLoggingFetch('experiment', alteration),
    compliance: { authorizationRequest: (url) => recordExperimentRequest(url, alteration) },
    ...(alteration?.navigate && { environment: { openWindow: openAlteredPopup(alteration.navigate) } }),
    ...options?.(),
  }
}

/** Signs in by popup. @returns the token set */
export async function signInByPopup(client: OAuthClient, login: Parameters<OAuthClient['login']>[0] = {}): Promise<TokenSet> {
  const result = await client.login({ transport: 'popup', ...login })
  if (!result) throw new Error('the popup returned no response')
  return result.tokenSet
}

/** Signs in in a hidden frame, without a page for the user. @returns the token set */
export async function signInByFrame(client: OAuthClient, login: Parameters<OAuthClient['login']>[0] = {}): Promise<TokenSet> {
  const result = await client.login({ transport: 'iframe', prompt: 'none', ...login })
  if (!result) throw new Error('the frame returned no response')
  return result.tokenSet
}
