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

/** Those of the fragment and of the query. A `state` alone does not hide a response in the other place. */
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
