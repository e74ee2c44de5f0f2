import { type AuthorizationFlow, explain, isAtRedirectUri, loadOtherCalls, type OtherFlowParts } from '@latchkey/core/internals'
import { authorizationUrl } from './authorization-url.js'
import { awaitToken, readCallback, stateOfToken } from './callback-url.js'
import { requestTemporary, requestToken } from './legs.js'
import { loadProblems } from './load-problems.js'
import type { OAuth1Transaction } from './oauth1-transaction.js'
import { type OAuth1Config, OUT_OF_BAND } from './resolve-options.js'

/** The part of a sign-in that is OAuth 1.0a: everything else is that of every client. */
export function createFlow(config: OAuth1Config, parts: OtherFlowParts<OAuth1Transaction>): AuthorizationFlow {
  const { options, base } = config
  const { session, transactions } = parts
  return {
    async createRequest({ parameters: { params, ...others }, redirectUri, transport, returnTo }, signal) {
      const startedAt = session.moment(false)
      // The options of the OAuth 2 client have no meaning here, and must not seem to have one.
      const isUnknown = Object.values(others).some((value) => value !== undefined)
      if (isUnknown || options.callbackUrl === OUT_OF_BAND || !options.authorizationUrl)
        throw (await loadProblems()).noLogin(options, others)
      const { createState } = await loadOtherCalls()
      const kind = transport === 'popup' ? 'ow' : 'o'
      const callback = new URL(redirectUri)
      const own = options.callbackState === false ? undefined : createState(base.key, kind)
      if (own) callback.searchParams.set('state', own)
      const { token, tokenSecret } = await requestTemporary(config, own ? callback.href : redirectUri, { signal })
      const state = own ?? stateOfToken(base.key, kind, token)
      awaitToken(config, token, state)
      const credentials = { token, tokenSecret }
      const createdAt = base.environment.now()
      await transactions.write({ state, redirectUri, credentials, transport, returnTo, createdAt })
      return { url: authorizationUrl(options, token, params as Record<string, string> | undefined).href, state, startedAt }
    },
    async redeemResponse(address, moment = session.moment(false)) {
      const url = new URL(address)
      // A transport of the app returns the address as it is.
      const { state, token, error, verifier } = readCallback(config, url) ?? {}
      const transaction = await transactions.take(state ?? '')
      if (!transaction) throw (await loadProblems()).unknown(config, url)
      const { credentials, redirectUri, returnTo } = transaction
      try {
        const refusal = !isAtRedirectUri(url, redirectUri) || (token && token !== credentials.token) || error
        if (refusal) throw (await loadProblems()).denied(url, refusal)
        return await requestToken(config, parts, { credentials, verifier, returnTo, moment })
      } catch (cause) {
        throw Object.assign(await explain(cause), { returnTo })
      }
    },
  }
}
