import { awaitedState, isAtRedirectUri, isForOpener, type SignIn } from '@latchkey/core/internals'
import { readCallback, stateOfToken, withoutCallback } from './callback-url.js'
import type { OAuth1Config } from './resolve-options.js'

type Calls = Pick<SignIn, 'isCallback' | 'login' | 'handlePage' | 'handleCallback'>

/**
 * Adds what is different in the callback of OAuth 1.0a: its parameters, and a provider whose callback URL must not have a `state`.
 *
 * @param signIn that of every client
 */
export function createOAuth1SignIn(config: OAuth1Config, signIn: Calls): Calls {
  const { base, environment, callbackUrl, options } = config
  const page = environment.window
  const baseUrl = (): string => page?.location.href ?? callbackUrl ?? 'about:blank'
  /** @returns the URL with a `state`, undefined if it has no response */
  const read = (address: string | URL): URL | undefined => {
    if (!URL.canParse(address, baseUrl())) return undefined
    const url = new URL(address, baseUrl())
    const response = readCallback(url)
    if (!response?.token || response.state !== undefined || options.callbackState !== false) return response && url
    if (!callbackUrl || !isAtRedirectUri(url, callbackUrl)) return undefined
    const ofRedirect = stateOfToken(base.key, 'o', response.token)
    const isOfThisTab = !page || awaitedState(base) === ofRedirect
    url.searchParams.set('state', isOfThisTab ? ofRedirect : stateOfToken(base.key, 'ow', response.token))
    return url
  }
  const isCallback = (address: string | URL = baseUrl()): boolean => {
    const url = read(address)
    return !!url && signIn.isCallback(url)
  }
  return {
    isCallback,
    login: (loginOptions) => signIn.login(loginOptions),
    async handleCallback(address) {
      const url = read(address)
      return url && signIn.isCallback(url) ? signIn.handleCallback(url) : undefined
    },
    async handlePage() {
      const url = read(baseUrl())
      if (!page || !url || !signIn.isCallback(url)) return undefined
      page.history.replaceState(page.history.state, '', url)
      const clean = (): void => page.history.replaceState(page.history.state, '', withoutCallback(new URL(page.location.href)))
      // It runs synchronously until it has cleaned what it knows. A popup sends its URL first.
      const handling = signIn.handlePage()
      if (isForOpener(url.searchParams.get('state') ?? '')) void handling.then(clean, clean)
      else clean()
      return handling
    },
  }
}
