'use client'
import type { LoginResult, ResourceClientOptions, ResourceConnection } from '@latchkey/core'
import { useMemo, useSyncExternalStore } from 'react'
import { useLatest } from '../provider/use-latest.js'
import { DISCOVERING, type ResourceConnectOptions, type ResourceState, ResourceStore } from './resource-store.js'

/** Configures `useResourceClient`. Without `chooseAuthorizationServer`, the user chooses: see `servers`. */
export type UseResourceClientOptions = Omit<ResourceClientOptions, 'signal'>

/** Describes what `useResourceClient` returns: the state of the connection, and functions that keep their identity. */
export interface UseResourceClientResult extends ResourceState {
  /** Chooses an authorization server while the status is `choosing`. */
  readonly choose: (server: string) => void
  /**
   * Signs in. Call it in a click. Never rejects: a failure is in `error`. If the status is `error`, the discovery is tried again.
   *
   * @param options those of `login()`, and `server` to choose an authorization server as well. For a popup, call `choose` first: after the
   *   discovery, browsers block it
   */
  readonly connect: (options?: ResourceConnectOptions) => Promise<LoginResult | undefined>
  /** Ends the session in this browser, revokes its tokens, and forgets the connection. */
  readonly disconnect: () => Promise<void>
  /** Sends a request to the resource with the access token. @throws SessionError missing_token; as `ResourceConnection.fetch` */
  readonly fetch: ResourceConnection['fetch']
}

/**
 * Connects to an API or MCP server of which only the URL is known, while the component is mounted: see `connectToResource` of
 * `@latchkey/core`. Works inside and outside `<OAuthProvider>`. Call it once for a URL, and pass the result on.
 *
 * @param options are read when the discovery starts: for another URL, and when `clientId`, `clientMetadataUrl` or `redirectUri` change
 */
export function useResourceClient(url: string, options: UseResourceClientOptions = {}): UseResourceClientResult {
  // Plain JavaScript may pass null.
  const given = { ...options }
  const { clientId, clientMetadataUrl, redirectUri } = given
  const latest = useLatest(given)
  const identity = JSON.stringify([typeof clientId === 'string' ? clientId : '', clientMetadataUrl, redirectUri])
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- `identity` contains the options that need another connection; the ref has the others
  const store = useMemo(() => new ResourceStore(url, () => latest.current), [url, identity])
  const state = useSyncExternalStore(store.subscribe, store.getSnapshot, () => DISCOVERING)
  return useMemo(() => {
    const { choose, connect, disconnect, fetch } = store
    return { ...state, choose, connect, disconnect, fetch }
  }, [state, store])
}
