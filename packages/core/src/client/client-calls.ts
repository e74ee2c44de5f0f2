import type { ChallengeParts } from '../fetch/step-up.js'
import { createAuthedFetch } from '../fetch/authed-fetch.js'
import { missingToken } from '../errors/client-error.js'
import type { ClientParts } from './client-parts.js'
import type { Lifecycle } from './lifecycle.js'
import { loadFlows } from './lazy.js'
import type { OAuthClient } from './client.js'
import type { AccessTokenOptions } from '../refresh/refresh-options.js'
import { unlessAborted } from '../refresh/refresher.js'
import type { AccessToken, TokenSet } from '../protocol/token-set.js'

type ClientCalls = Pick<OAuthClient, 'getAccessToken' | 'getTokenSet' | 'refresh' | 'fetch' | 'userInfo' | 'revoke'>

/** The calls that need a session. Each waits for the start, so that a route loader may come first. */
export function createClientCalls(parts: ClientParts, lifecycle: Lifecycle): ClientCalls {
  const { config, session, refresher, context } = parts
  const accessToken = async (options: AccessTokenOptions): Promise<AccessToken> => {
    if (session.state.status === 'restoring') await lifecycle.start()
    return refresher.accessToken(options)
  }
  const tokenSet = (): TokenSet => {
    if (!session.state.tokenSet) throw missingToken()
    return session.state.tokenSet
  }
  return {
    getTokenSet: () => session.state.tokenSet,
    getAccessToken: async (options = {}) => (await accessToken(options)).accessToken,
    async refresh({ signal, ...wish } = {}) {
      if (session.state.status === 'restoring') await lifecycle.start()
      // Throws where nobody is signed in.
      return tokenSet() && unlessAborted(() => refresher.refresh(wish), signal)
    },
    fetch: createAuthedFetch({
      fetch: config.environment.fetch,
      resources: parts.resources,
      context,
      accessToken,
      ...stepUpParts(parts),
      protectedRequest: config.options.compliance?.protectedRequest,
      isOffline: () => config.environment.window?.navigator.onLine === false,
      sessionSignal: () => parts.session.signal,
    }),
    userInfo: async (options = {}) => (await loadFlows()).readUserInfo(parts, accessToken, options),
    async revoke(token, options) {
      if (session.state.status === 'restoring') await lifecycle.start()
      const { revokeByHand } = await loadFlows()
      await revokeByHand(parts, token, options)
    },
  }
}

/** What `fetch` needs to sign the person in again. */
export function stepUpParts({ config, session, signIn }: ClientParts): Pick<ChallengeParts, 'stepUp' | 'tokenSet'> {
  const transport = config.options.stepUp
  return {
    tokenSet: () => session.state.tokenSet,
    stepUp: transport && ((options) => signIn.login({ ...options, transport })),
  }
}
