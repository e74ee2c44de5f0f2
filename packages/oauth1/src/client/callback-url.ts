import { awaitedState, isAtRedirectUri, TabStorage } from '@latchkey/core/internals'
import type { OAuth1Config } from './resolve-options.js'

type Found = string | null | undefined

/** What a callback URL says. @see RFC 5849, section 2.2 */
export interface CallbackResponse {
  readonly state: Found
  readonly token: Found
  /** The provider's own code if the user has denied the access. RFC 5849 defines none: `error` and `denied` are in use. */
  readonly error: Found
  readonly verifier: Found
}

const PARAMETERS = 'state oauth_token denied oauth_verifier error oauth_problem error_description'.split(' ')

/** `error` of a response that came without our `state`. */
export const NO_STATE = 'latchkey_no_state'

/**
 * Reads a response, and adds the `state` of its authorization to the URL if the provider has dropped it.
 *
 * @returns undefined for a URL without a response, or with one that this client does not wait for
 */
export function readCallback(config: OAuth1Config, url: URL): CallbackResponse | undefined {
  const { searchParams } = url
  const [state, received, denied, verifier, failure, problem] = PARAMETERS.map((name) => searchParams.get(name))
  // Twitter names the temporary credentials `denied` if the user has denied the access.
  const token = received ?? denied
  const error = failure ?? problem ?? (denied && 'access_denied')
  if ((token ?? error) === null) return undefined
  const response = { state, token, error, verifier }
  return state ? response : recognize(config, url, response)
}

/** Finds out for which authorization a response without a `state` is. */
function recognize(config: OAuth1Config, url: URL, response: CallbackResponse): CallbackResponse | undefined {
  const { token } = response
  const isDropped = config.options.callbackState !== false
  const state = awaitedTokens(config)[token ?? ''] ?? (isDropped ? '' : stateAtCallbackUrl(config, url, token))
  if (!state) return isDropped ? response : undefined
  url.searchParams.set('state', state)
  if (!isDropped) return { ...response, state }
  url.searchParams.set('error', NO_STATE)
  return { ...response, state, error: NO_STATE }
}

/** Of a denial without a token, or of what the app itself received, from a deep link or in a process: a page gets what it waits for. */
function stateAtCallbackUrl({ base }: OAuth1Config, url: URL, token: Found): Found {
  if (!token) return isAtRedirectUri(url, base.redirectUri ?? '') ? awaitedState(base) : ''
  return base.environment.window?.location.href === url.href ? '' : stateOfToken(base.key, 'o', token)
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
