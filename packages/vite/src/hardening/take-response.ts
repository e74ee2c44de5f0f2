// oxlint-disable unicorn/consistent-function-scoping -- only the text of the exported function is written into the page, so its helpers must be inside of it
declare global {
  interface Window {
    /** Returns the page's URL with the authorization response, once. */
    latchkeyCallback?: (() => string) | undefined
  }
}

/**
 * Runs in the page, before any other script: removes an authorization response of Latchkey from the URL, and keeps it for the first caller of
 * `latchkeyCallback()`. A response is Latchkey's if its `state` has the form of one, or if this tab waits for a response; that of another
 * library stays where it is.
 *
 * Its text is written into pages, so it uses nothing outside of itself. The names are those of `response-url.ts` in @latchkey/core.
 */
export function takeResponse(names: readonly string[], distinctive: number, warning: string): void {
  const { location, history } = window
  const { href } = location
  const clean = new URL(href)
  const stateOfJwt = (jwt: string | null): string => {
    try {
      const payload = (jwt ?? '').split('.')[1] ?? ''
      return String((JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/'))) as { state?: unknown }).state)
    } catch {
      return ''
    }
  }
  const isWaiting = (): boolean => {
    try {
      return Object.keys(sessionStorage).some((name) => /^latchkey\/.+\/awaiting$/.test(name))
    } catch {
      return false
    }
  }
  const found = (['hash', 'search'] as const).map((place) => {
    const params = new URLSearchParams(clean[place].slice(1))
    const isResponse = names.slice(0, distinctive).some((name) => params.has(name))
    return { place, params, isResponse, state: params.get('state') ?? stateOfJwt(params.get('response')) }
  })
  const responses = found.filter(({ isResponse }) => isResponse)
  const places = responses[0] ? responses : found.filter(({ params }) => params.has('state'))
  const isOurs = places.some(({ state }) => /^lk\.[a-z0-9]+\.[rpixo]w?\.\w+$/.test(state))
  if (!isOurs && !(responses[0] && isWaiting())) return
  for (const { place, params } of places) {
    for (const name of names) params.delete(name)
    clean[place] = params.toString()
  }
  history.replaceState(history.state, '', clean)
  Object.defineProperty(window, 'latchkeyCallback', {
    configurable: true,
    value() {
      delete window.latchkeyCallback
      return href
    },
  })
  // A sign-in that ends nowhere must not be silent.
  // oxlint-disable-next-line no-console -- this script runs before any client, so there is no logger to report to
  setTimeout(() => window.latchkeyCallback && console.warn(warning), 10_000)
}

/** Printed ten seconds after the page was opened. */
export const UNUSED_RESPONSE: string =
  '[latchkey] An authorization response was taken out of the URL, and no client has used it. ' +
  'Create each client with all settings of "virtual:latchkey", or pass it `environment: settings.environment`.'

/** The parameters of an authorization response, most telling first: those of `response-url.ts` in @latchkey/core. */
export const RESPONSE_PARAMETERS: readonly string[] = (
  'code error access_token id_token response ' +
  'state iss session_state error_description error_uri scope token_type expires_in ' +
  'authuser hd prompt refresh_token device_secret client_info user'
).split(' ')

/** How many of them make a URL a response. */
export const DISTINCTIVE = 5

/** The inline script. The same in every page and build, so that its hash is. */
export const TAKE_RESPONSE: string = `(${takeResponse.toString()})(${JSON.stringify(RESPONSE_PARAMETERS)},${DISTINCTIVE},${JSON.stringify(UNUSED_RESPONSE)})`
