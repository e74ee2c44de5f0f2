import {
  createError,
  createState,
  explain,
  type FlowInput,
  isAtRedirectUri,
  serverWords,
  type Session,
  type AuthorizationFlow,
  type TransactionStore,
} from '@latchkey/core/internals'
import { authorizationUrl } from './authorization-url.js'
import { type CallbackResponse, readCallback, stateOfToken } from './callback-url.js'
import type { Credentials } from './credentials.js'
import { loadProblems } from './load-problems.js'
import type { Legs } from './legs.js'
import { type OAuth1Config, OUT_OF_BAND } from './resolve-options.js'

/** One authorization in flight. */
export interface OAuth1Transaction {
  readonly state: string
  readonly callbackUrl: string
  readonly credentials: Credentials
  readonly transport: string
  readonly returnTo?: string | undefined
  /** Milliseconds since the epoch, device clock. */
  readonly createdAt: number
}

/** What the flow needs of its client. */
export interface OAuth1FlowParts {
  readonly config: OAuth1Config
  readonly session: Session
  readonly transactions: TransactionStore<OAuth1Transaction>
  readonly legs: Legs
}

/** The part of a sign-in that is OAuth 1.0a: everything else is that of every client. */
export function createFlow(parts: OAuth1FlowParts): AuthorizationFlow {
  const { session, legs } = parts
  return {
    createRequest: (input, signal) => createRequest(parts, input, signal),
    async redeemResponse(address, startedAt = session.moment(false)) {
      const url = new URL(address)
      const response = readCallback(url)
      const transaction = response && (await takeTransaction(parts, response))
      if (!response || !transaction) throw createError('mismatching_state')
      const { credentials, callbackUrl, returnTo = '/' } = transaction
      try {
        const isOwn = isAtRedirectUri(url, callbackUrl) && [undefined, credentials.token].includes(response.token)
        const verifier = await readVerifier(response, isOwn)
        return await legs.redeem({ credentials, verifier, returnTo, moment: startedAt })
      } catch (cause) {
        throw Object.assign(await explain(cause), { returnTo })
      }
    },
  }
}

/** By the `state`, or by the token at a provider whose callback URL has none. */
async function takeTransaction(
  { config, transactions }: OAuth1FlowParts,
  { state, token = '' }: CallbackResponse,
): Promise<OAuth1Transaction | undefined> {
  if (state !== undefined || config.options.callbackState !== false) return transactions.take(state ?? '')
  const stateOf = (kind: 'o' | 'ow'): string => stateOfToken(config.base.key, kind, token)
  return (await transactions.take(stateOf('o'))) ?? transactions.take(stateOf('ow'))
}

/**
 * @returns undefined if there is none
 * @throws ValidationError mismatching_state; ServerError authorization_error
 * @see RFC 5849, section 2.2
 */
async function readVerifier(
  { token, verifier, error, errorDescription }: CallbackResponse,
  isOwn: boolean,
): Promise<string | undefined> {
  if (!isOwn) throw (await loadProblems()).problems.otherCredentials()
  if (error === undefined) return token && verifier
  const words = serverWords((name) => (name === 'error' ? error : errorDescription))
  throw (await loadProblems()).problems.denied(words)
}

async function createRequest(
  { config, session, transactions, legs }: OAuth1FlowParts,
  { parameters, redirectUri, transport, returnTo }: FlowInput,
  signal: AbortSignal | undefined,
): ReturnType<AuthorizationFlow['createRequest']> {
  const { options, base, environment } = config
  const startedAt = session.moment(false)
  const { params, ...others } = parameters
  const other = Object.entries(others).find(([, value]) => value !== undefined)
  // The options of the OAuth 2 client have no meaning here, and must not seem to have one.
  if (other) throw (await loadProblems()).problems.loginOption(other[0])
  if (options.callbackUrl === OUT_OF_BAND) throw (await loadProblems()).problems.outOfBand()
  const kind = transport === 'popup' ? 'ow' : 'o'
  const own = options.callbackState === false ? undefined : createState(base.key, kind)
  const target = new URL(redirectUri)
  if (own) target.searchParams.set('state', own)
  const { token, tokenSecret } = await legs.temporaryCredentials({ callbackUrl: own ? target.href : redirectUri, signal })
  const state = own ?? stateOfToken(base.key, kind, token)
  const credentials = { token, tokenSecret }
  await transactions.write({ state, callbackUrl: redirectUri, credentials, transport, returnTo, createdAt: environment.now() })
  return { url: authorizationUrl(options, token, params as Readonly<Record<string, string>> | undefined).href, state, startedAt }
}
