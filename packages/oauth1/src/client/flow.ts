import { type AuthorizationFlow, createState, explain, isAtRedirectUri, type OtherFlowParts } from '@latchkey/core/internals'
import { authorizationUrl } from './authorization-url.js'
import { awaitToken, readCallback, stateOfToken, withState } from './callback-url.js'
import { requestTemporary, requestToken } from './legs.js'
import { problem } from './load-problems.js'
import type { OAuth1Transaction } from './oauth1-transaction.js'
import { type OAuth1Config, OUT_OF_BAND } from './resolve-options.js'

/** The part of a sign-in that is OAuth 1.0a: everything else is that of every client. */
export function createFlow(config: OAuth1Config, parts: OtherFlowParts<OAuth1Transaction>): AuthorizationFlow {
  const { options, base } = config
  const { session, transactions } = parts
  return {
    async createRequest({ parameters, redirectUri, transport, returnTo }, signal) {
      const startedAt = session.moment(false)
      const { params, ...others } = parameters
      const other = Object.entries(others).find(([, value]) => value !== undefined)
      // The options of the OAuth 2 client have no meaning here, and must not seem to have one.
      if (other || options.callbackUrl === OUT_OF_BAND) throw await problem('noLogin', other?.[0])
      if (!options.authorizationUrl) throw await problem('missingOption', 'authorizationUrl')
      const kind = transport === 'popup' ? 'ow' : 'o'
      const callback = new URL(redirectUri)
      const own = options.callbackState === false ? undefined : createState(base.key, kind)
      if (own) callback.searchParams.set('state', own)
      const { token, tokenSecret } = await requestTemporary(config, { callbackUrl: own ? callback.href : redirectUri, signal })
      const state = own ?? stateOfToken(base.key, kind, token)
      awaitToken(config, token, state)
      await transactions.write({
        state,
        callbackUrl: redirectUri,
        credentials: { token, tokenSecret },
        transport,
        returnTo,
        createdAt: base.environment.now(),
      })
      return { url: authorizationUrl(options, token, params as Record<string, string> | undefined).href, state, startedAt }
    },
    async redeemResponse(address, moment = session.moment(false)) {
      const url = new URL(address)
      // A transport of the app returns the address as it is.
      const response = readCallback(withState(config, url) ?? url)
      const transaction = await transactions.take(response?.state ?? '')
      if (!response || !transaction) throw await problem('unknown', config, url)
      const { credentials, callbackUrl, returnTo } = transaction
      const { token = credentials.token, error } = response
      try {
        const refusal = !isAtRedirectUri(url, callbackUrl) || token !== credentials.token || error
        if (refusal) throw await problem('denied', url, refusal)
        const verifier = url.searchParams.get('oauth_verifier')
        return await requestToken(config, parts, { credentials, verifier, returnTo, moment })
      } catch (cause) {
        throw Object.assign(await explain(cause), { returnTo })
      }
    },
  }
}
