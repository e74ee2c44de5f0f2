import type { Environment } from '../platform/environment.js'
import { TabStorage } from '../storage/tab-storage.js'
import { AWAITED_STATE, parseState, readResponse, withoutResponse } from './response-url.js'

/** As long as a transaction lives. */
const AWAITED_FOR_MS = 600_000

/** JSON stores an absent redirect URI as null. */
type AwaitedResponse = readonly [state?: string, since?: number, redirectUri?: string | null]

/** What identifies the responses of one client. */
export interface ResponseOwner {
  readonly key: string
  readonly environment: Pick<Environment, 'window' | 'now'>
  readonly tab: TabStorage
  readonly redirectUri: string | undefined
}

/** @returns whether the URL has a response for this client. Synchronous, changes nothing */
export function isOwnCallback(owner: ResponseOwner, url: URL): boolean {
  const { state, isAuthorizationResponse } = readResponse(url) ?? {}
  const { environment } = owner
  const parts = parseState(state)
  // A `state` alone is a response of the end session endpoint only. Otherwise it is our own request, or what is left of a response.
  if (parts?.clientKey === owner.key) return !!isAuthorizationResponse || parts.kind === 'o'
  const awaited = awaitedState(owner)
  // A custom `state` is the one that this tab stored.
  if (!parseState(awaited)) return !!state && state === awaited
  // A response without a `state`, or with a foreign one, belongs to another library or client, unless this tab waits for a response at
  // this address: then the `state` was removed or replaced. One in the form of another client's is that client's if the tab waits for it.
  if (
    parts &&
    awaitedState({ tab: new TabStorage(environment.window, `latchkey/${parts.clientKey}/`), environment }) !== undefined
  )
    return false
  const redirectUri = (owner.tab.get(AWAITED_STATE) as AwaitedResponse)[2] ?? owner.redirectUri
  return !!isAuthorizationResponse && !!redirectUri && addressOf(new URL(redirectUri)) === addressOf(url)
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
  const [state, since] = (tab.get(AWAITED_STATE) ?? []) as AwaitedResponse
  return since !== undefined && Math.abs(environment.now() - since) < AWAITED_FOR_MS ? state : undefined
}

/**
 * The user is back without a response to a redirect: a later response with a foreign `state` is that of another library. A custom `state`
 * may be expected in another window.
 */
export function stopWaiting(owner: ResponseOwner): void {
  if (parseState(awaitedState(owner))) owner.tab.remove(AWAITED_STATE)
}

/** Web servers add a slash at the end, or remove it. */
function addressOf({ origin, pathname }: URL): string {
  return origin + pathname.replace(/\/$/, '')
}
