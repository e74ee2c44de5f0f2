import { awaitedState, isAtRedirectUri, TabStorage } from '@latchkey/core/internals'
import type { OAuth1Config } from './resolve-options.js'

/** What a callback URL says. @see RFC 5849, section 2.2 */
export interface CallbackResponse {
  readonly state: string | undefined
  readonly token: string | undefined
  /** The provider's own code if the user has denied the access. RFC 5849 defines none: `error` and `denied` are in use. */
  readonly error: string | undefined
}

/** As long as a transaction lives. */
const AWAITED_FOR_MS = 600_000

const PARAMETERS = 'state oauth_token oauth_verifier oauth_problem denied error error_description'.split(' ')

/** @returns undefined for a URL without a response */
export function readCallback({ searchParams }: URL): CallbackResponse | undefined {
  const [state, given, , problem, denied, failure] = PARAMETERS.map((name) => searchParams.get(name) ?? undefined)
  const error = failure ?? problem ?? (denied === undefined ? undefined : 'access_denied')
  // Twitter names the temporary credentials `denied` if the user has denied the access.
  const token = given ?? denied
  return token === undefined && error === undefined ? undefined : { state, token, error }
}

/** `error` of a response that came without our `state`. */
export const NO_STATE = 'latchkey_no_state'

/**
 * @returns the URL with the `state` of its authorization, which the provider may have dropped; undefined if it has no response, or one that
 * this client does not wait for
 */
export function withState(config: OAuth1Config, url: URL): URL | undefined {
  const response = readCallback(url)
  if (!response || response.state !== undefined) return response && url
  const { token } = response
  const awaited = token === undefined ? undefined : awaitedTokens(config)[token]?.[0]
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
function stateAtCallbackUrl(
  { base, environment, callbackUrl = '' }: OAuth1Config,
  url: URL,
  token: string | undefined,
): string | undefined {
  if (!isAtRedirectUri(url, callbackUrl)) return undefined
  if (token === undefined) return awaitedState(base)
  return environment.window?.location.href === url.href ? undefined : stateOfToken(base.key, 'o', token)
}

/** State and time, by token. */
type AwaitedTokens = Readonly<Record<string, readonly [state: string, since: number]>>

const AWAITED_TOKENS = 'tokens'

/** In the local storage: a popup has another tab storage. */
function sharedStorage({ base, environment: { window: page } }: OAuth1Config): TabStorage {
  const area = page && {
    get sessionStorage() {
      return page.localStorage
    },
  }
  return new TabStorage(area, base.tab.prefix)
}

function awaitedTokens(config: OAuth1Config): AwaitedTokens {
  const tokens = (sharedStorage(config).get(AWAITED_TOKENS) ?? {}) as AwaitedTokens
  const { now } = config.environment
  return Object.fromEntries(Object.entries(tokens).filter(([, [, since]]) => Math.abs(now() - since) < AWAITED_FOR_MS))
}

/** This browser waits for the response with these temporary credentials. */
export function awaitToken(config: OAuth1Config, token: string, state: string): void {
  const tokens = { ...awaitedTokens(config), [token]: [state, config.environment.now()] }
  sharedStorage(config).set(AWAITED_TOKENS, tokens)
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
