import {
  type AuthorizationFlow,
  createError,
  createState,
  explain,
  type FlowInput,
  isAtRedirectUri,
  type OtherFlowParts,
} from '@latchkey/core/internals'
import { authorizationUrl } from './authorization-url.js'
import { awaitToken, type CallbackResponse, readCallback, stateOfToken } from './callback-url.js'
import { requestTemporary, requestToken } from './legs.js'
import { problem } from './load-problems.js'
import type { OAuth1Transaction } from './oauth1-transaction.js'
import { type OAuth1Config, OUT_OF_BAND } from './resolve-options.js'

type Parts = OtherFlowParts<OAuth1Transaction>

/** The part of a sign-in that is OAuth 1.0a: everything else is that of every client. */
export function createFlow(config: OAuth1Config, parts: Parts): AuthorizationFlow {
  return {
    createRequest: (input, signal) => createRequest(config, parts, input, signal),
    async redeemResponse(address, moment = parts.session.moment(false)) {
      const url = new URL(address)
      const response = readCallback(url)
      const transaction = response && (await takeTransaction(config, parts, response))
      if (!transaction) throw await unknownResponse(config, response)
      const { credentials, callbackUrl, returnTo = '/' } = transaction
      const { token = credentials.token, error } = response
      try {
        if (!isAtRedirectUri(url, callbackUrl) || token !== credentials.token) throw await problem('otherCredentials')
        if (error !== undefined) throw await problem('denied', error, url)
        const verifier = (response.token && url.searchParams.get('oauth_verifier')) || undefined
        return await requestToken(config, parts, { credentials, verifier, returnTo, moment })
      } catch (cause) {
        throw Object.assign(await explain(cause), { returnTo })
      }
    },
  }
}

/** The error for a response that no authorization waits for. */
async function unknownResponse(
  { options }: OAuth1Config,
  response: CallbackResponse | undefined,
): Promise<ReturnType<typeof createError>> {
  const isDropped = response && response.state === undefined && options.callbackState !== false
  return isDropped ? problem('noState') : createError('mismatching_state')
}

/** By the `state`, or by the token at a provider whose callback URL has none. */
async function takeTransaction(
  { options, base }: OAuth1Config,
  { transactions }: Parts,
  { state, token = '' }: CallbackResponse,
): Promise<OAuth1Transaction | undefined> {
  if (options.callbackState !== false || !token) return transactions.take(state ?? '')
  return (await transactions.take(stateOfToken(base.key, 'o', token))) ?? transactions.take(stateOfToken(base.key, 'ow', token))
}

async function createRequest(
  config: OAuth1Config,
  { session, transactions }: Parts,
  { parameters, redirectUri, transport, returnTo }: FlowInput,
  signal: AbortSignal | undefined,
): ReturnType<AuthorizationFlow['createRequest']> {
  const { options, base, environment } = config
  const startedAt = session.moment(false)
  const { params, ...others } = parameters
  const other = Object.entries(others).find(([, value]) => value !== undefined)
  // The options of the OAuth 2 client have no meaning here, and must not seem to have one.
  if (other) throw await problem('loginOption', other[0])
  if (options.callbackUrl === OUT_OF_BAND) throw await problem('outOfBand')
  const kind = transport === 'popup' ? 'ow' : 'o'
  const own = options.callbackState === false ? undefined : createState(base.key, kind)
  const target = new URL(redirectUri)
  if (own) target.searchParams.set('state', own)
  const { token, tokenSecret } = await requestTemporary(config, { callbackUrl: own ? target.href : redirectUri, signal })
  const state = own ?? stateOfToken(base.key, kind, token)
  const credentials = { token, tokenSecret }
  awaitToken(config, token, state)
  await transactions.write({ state, callbackUrl: redirectUri, credentials, transport, returnTo, createdAt: environment.now() })
  return { url: authorizationUrl(options, token, params as Readonly<Record<string, string>> | undefined).href, state, startedAt }
}
