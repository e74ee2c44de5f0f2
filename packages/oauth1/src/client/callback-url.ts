import { awaitedState, isAtRedirectUri } from '@latchkey/core/internals'
import type { OAuth1Config } from './resolve-options.js'

/** What a callback URL says. @see RFC 5849, section 2.2 */
export interface CallbackResponse {
  readonly state: string | undefined
  readonly token: string | undefined
  /** The provider's own code if the user has denied the access. RFC 5849 defines none: `error` and `denied` are in use. */
  readonly error: string | undefined
}

const PARAMETERS = 'state oauth_token oauth_verifier oauth_problem denied error error_description'.split(' ')

/** @returns undefined for a URL without a response */
export function readCallback({ searchParams }: URL): CallbackResponse | undefined {
  const [state, given, , problem, denied, failure] = PARAMETERS.map((name) => searchParams.get(name) ?? undefined)
  const error = failure ?? problem ?? (denied === undefined ? undefined : 'access_denied')
  // Twitter names the temporary credentials `denied` if the user has denied the access.
  const token = given ?? denied
  return token === undefined && error === undefined ? undefined : { state, token, error }
}

/**
 * @returns the URL with a `state`, also at a provider whose callback URL must not have one; undefined if it has no response
 */
export function withState({ base, environment, callbackUrl, options }: OAuth1Config, url: URL): URL | undefined {
  const response = readCallback(url)
  if (!response?.token || response.state !== undefined || options.callbackState !== false) return response && url
  if (!callbackUrl || !isAtRedirectUri(url, callbackUrl)) return undefined
  const ofRedirect = stateOfToken(base.key, 'o', response.token)
  const isOfThisTab = !environment.window || awaitedState(base) === ofRedirect
  url.searchParams.set('state', isOfThisTab ? ofRedirect : stateOfToken(base.key, 'ow', response.token))
  return url
}

/** Removes the response from a URL, so that nothing of it stays in the address bar, the history or the Referer. */
export function withoutCallback(url: URL): URL {
  for (const name of PARAMETERS) url.searchParams.delete(name)
  return url
}

/** Creates the `state` of a response whose callback URL has none: it is that of its temporary credentials. */
export function stateOfToken(key: string, kind: 'o' | 'ow', token: string): string {
  const hex = Array.from(new TextEncoder().encode(token), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `lk.${key}.${kind}.${hex}`
}
