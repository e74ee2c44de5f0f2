import type { Environment } from '../platform/environment.js'
import type { TabStorage } from '../storage/tab-storage.js'
import { AWAITED_STATE, parseState, readResponse, withoutResponse } from './response-url.js'

/** As long as a transaction lives. */
const AWAITED_FOR_MS = 600_000

/** What identifies the responses of one client. */
export interface ResponseOwner {
  readonly key: string
  readonly environment: Pick<Environment, 'window' | 'now'>
  readonly tab: TabStorage
  readonly redirectUri: string | undefined
}

/** @returns whether the URL has a response for this client. Synchronous, changes nothing */
export function isOwnCallback(owner: ResponseOwner, url: URL): boolean {
  const response = readResponse(url)
  if (!response) return false
  const { state } = response
  const parts = parseState(state)
  if (parts) return parts.clientKey === owner.key
  // A custom `state` is the one that this tab stored. A response without a `state` belongs to another library, unless this tab waits for
  // a response at this address: then the `state` was removed.
  const awaited = awaitedState(owner)
  if (state || !parseState(awaited)) return state !== undefined && state === awaited
  return response.isAuthorizationResponse && isAt(url, owner.redirectUri)
}

/** The path of the page without a response for this client; undefined if there is no page. */
export function currentPath(owner: ResponseOwner): string | undefined {
  const page = owner.environment.window
  if (!page) return undefined
  const url = new URL(page.location.href)
  const { pathname, search, hash } = isOwnCallback(owner, url) ? withoutResponse(url) : url
  return pathname.replace(/^\/{2,}/, '/') + search + hash
}

/** @returns the `state` of the response that this tab waits for; undefined if it waits for none (any more) */
export function awaitedState({
  tab,
  environment,
}: Pick<ResponseOwner, 'tab'> & { readonly environment: Pick<Environment, 'now'> }): string | undefined {
  const [state, since] = (tab.get(AWAITED_STATE) ?? []) as readonly [string?, number?]
  return since !== undefined && Math.abs(environment.now() - since) < AWAITED_FOR_MS ? state : undefined
}

function isAt(url: URL, redirectUri: string | undefined): boolean {
  const target = redirectUri === undefined ? undefined : new URL(redirectUri)
  return target?.origin === url.origin && target.pathname === url.pathname
}
