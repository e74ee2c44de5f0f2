import { awaitedState, isAtRedirectUri, TabStorage } from '@latchkey/core/internals'
import type { OAuth1Config } from './resolve-options.js'

/** What a callback URL says. @see RFC 5849, section 2.2 */
export interface CallbackResponse {
  readonly state: string | undefined
  readonly token: string | undefined
  /** The provider's own code if the user has denied the access. RFC 5849 defines none: `error` and `denied` are in use. */
  readonly error: string | undefined
}

const PARAMETERS = 'state oauth_token denied error oauth_problem oauth_verifier error_description'.split(' ')

/** @returns undefined for a URL without a response */
export function readCallback({ searchParams }: URL): CallbackResponse | undefined {
  const [state, given, denied, failure, problem] = PARAMETERS.map((name) => searchParams.get(name) ?? undefined)
  // Twitter names the temporary credentials `denied` if the user has denied the access.
  const token = given ?? denied
  const error = failure ?? problem ?? (denied && 'access_denied')
  return (token ?? error) ? { state, token, error } : undefined
}

/** `error` of a response that came without our `state`. */
export const NO_STATE = 'latchkey_no_state'

/**
 * @returns the URL with the `state` of its authorization, which the provider may have dropped; undefined if it has no response, or one that
 * this client does not wait for
 */
export function withState(config: OAuth1Config, url: URL): URL | undefined {
  const response = readCallback(url)
  if (!response || response.state) return response && url
  const { token = '' } = response
  const awaited = awaitedTokens(config)[token]
  if (config.options.callbackState !== false) {
    if (!awaited) return url
    url.searchParams.set('error', NO_STATE)
  }
  const state = awaited ?? stateAtCallbackUrl(config, url, token)
  if (!state) return undefined
  url.searchParams.set('state', state)
  return url
}

/** Of a denial without a token, or of what the app itself received, from a deep link or in a process: a page gets what it waits for. */
function stateAtCallbackUrl({ base, callbackUrl = '' }: OAuth1Config, url: URL, token: string): string | undefined {
  if (!token) return isAtRedirectUri(url, callbackUrl) ? awaitedState(base) : undefined
  return base.environment.window?.location.href === url.href ? undefined : stateOfToken(base.key, 'o', token)
}

/** The `state` of each authorization that this browser waits for, by its temporary credentials. */
type AwaitedTokens = Readonly<Record<string, string>>

/** In the local storage: a popup has another tab storage. */
function sharedStorage({ base: { environment, tab } }: OAuth1Config): TabStorage {
  const area = {
    get sessionStorage() {
      return environment.window?.localStorage as Storage
    },
  }
  return new TabStorage(area, tab.prefix)
}

function awaitedTokens(config: OAuth1Config): AwaitedTokens {
  return (sharedStorage(config).get('tokens') ?? {}) as AwaitedTokens
}

/** This browser waits for the response with these temporary credentials. Of many authorizations, the last ones are kept. */
export function awaitToken(config: OAuth1Config, token: string, state: string): void {
  const tokens = [...Object.entries(awaitedTokens(config)), [token, state]].slice(-9)
  sharedStorage(config).set('tokens', Object.fromEntries(tokens))
}

/** Removes the response from a URL, so that nothing of it stays in the address bar, the history or the Referer. */
export function withoutCallback(url: URL): URL {
  for (const name of PARAMETERS) url.searchParams.delete(name)
  return url
}

/** Creates the `state` of a response whose callback URL has none: it is that of its temporary credentials. */
export function stateOfToken(key: string, kind: 'o' | 'ow', token: string): string {
  return `lk.${key}.${kind}.${token.replaceAll(/\W/g, '_')}`
}
