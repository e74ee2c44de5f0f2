import type { Environment } from '../platform/environment.js'
import { TabStorage } from '../storage/tab-storage.js'
/** What a response belongs to, as its `state` says: a redirect of this tab, a popup, an iframe, a custom transport, or a logout. */
export type StateKind = 'r' | 'p' | 'i' | 'x' | 'o'

/** What the `state` of a request says about it. */
export interface StateParts {
  readonly clientKey: string
  readonly kind: StateKind
}

// The `w` is that of a sign-out in a popup or iframe. A response of the end session endpoint has nothing but a `state` in any case.
const STATE = /^lk\.([a-z0-9]+)\.([rpixo])w?\.\w+$/

/** Whether another page waits for the response: the one that opened this popup or iframe. */
export const isForOpener = (state: string): boolean => /^lk\.\w+\.([pi]|ow)\./.test(state)

/** @returns undefined for a `state` that `createState` did not create */
export function parseState(state: string | undefined): StateParts | undefined {
  const [, clientKey, kind] = STATE.exec(state ?? '') ?? []
  // The second group of the expression matches these letters only.
  return clientKey ? { clientKey, kind: kind as StateKind } : undefined
}

/** Of authorization responses. The first `DISTINCTIVE` ones make a URL a response. */
const PARAMETERS = (
  'code error access_token id_token response ' +
  'state iss session_state error_description error_uri scope token_type expires_in ' +
  'authuser hd prompt refresh_token device_secret client_info user'
).split(' ')
const DISTINCTIVE = 5

/** The parameters of an authorization response, in the place that the response mode says. */
export interface ResponseParameters {
  readonly place: 'search' | 'hash'
  readonly params: URLSearchParams
  readonly state: string | undefined
  /** False for a URL that only has a `state`, as the redirect from the end session endpoint does. */
  readonly isAuthorizationResponse: boolean
}

/** @returns undefined if the URL has neither a response nor a `state` */
export function readResponse(url: URL): ResponseParameters | undefined {
  return readResponses(url)[0]
}

/** Returns the parameters of the fragment and of the query. A `state` alone does not hide a response in the other place. */
function readResponses(url: URL): readonly ResponseParameters[] {
  const found = (['hash', 'search'] as const).map((place) => {
    const params = new URLSearchParams(url[place].slice(1))
    const isAuthorizationResponse = PARAMETERS.slice(0, DISTINCTIVE).some((name) => params.has(name))
    return { place, params, state: params.get('state') ?? stateOfJwt(params.get('response')), isAuthorizationResponse }
  })
  const responses = found.filter((place) => place.isAuthorizationResponse)
  return responses[0] ? responses : found.filter(({ params }) => params.has('state'))
}

/** Removes the response from a URL, so that nothing secret stays in the address bar, the history or the Referer. */
export function withoutResponse(url: URL): URL {
  const clean = new URL(url)
  for (const { place, params } of readResponses(url)) {
    for (const name of PARAMETERS) params.delete(name)
    clean[place] = params.toString()
  }
  return clean
}

/** The `state` in a JWT-secured response (JARM). It only says which client the response may belong to: the signature is checked later. */
function stateOfJwt(jwt: string | null): string | undefined {
  try {
    const payload = jwt?.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/')
    const state = payload && (JSON.parse(atob(payload)) as { readonly state?: unknown }).state
    return typeof state === 'string' ? state : undefined
  } catch {
    return undefined
  }
}

/** Name of the entry in the tab storage for the `state` that this tab waits for, and since when. */
export const AWAITED_STATE = 'awaiting'

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
