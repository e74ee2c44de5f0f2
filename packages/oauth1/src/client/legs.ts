import type { ClientEvents, IdTokenClaims, LoginResult, TokenSet } from '@latchkey/core'
import { createError, type Emitter, finishSignIn, type Session } from '@latchkey/core/internals'
import type { Credentials, ReceivedCredentials } from './credentials.js'
import { loadProblems } from './load-problems.js'
import type { TemporaryCredentialsOptions } from './oauth1-client.js'
import { requestCredentials } from './request-credentials.js'
import type { OAuth1Config } from './resolve-options.js'
import { createSignedFetch } from './signed-fetch.js'

/** What the three steps need of their client. */
export interface LegsParts {
  readonly config: OAuth1Config
  readonly session: Session
  readonly events: Emitter<ClientEvents>
}

/** The last step of one authorization. */
export interface TokenCredentialsRequest {
  readonly credentials: Credentials
  readonly verifier: string | undefined
  readonly returnTo: string
  /** When the sign-in started or its response arrived. */
  readonly moment: ReturnType<Session['moment']>
  readonly signal?: AbortSignal | undefined
}

/** The requests of RFC 5849, section 2. */
export interface Legs {
  readonly temporaryCredentials: (options: TemporaryCredentialsOptions) => Promise<ReceivedCredentials>
  /** Requests token credentials and signs the user in. @returns undefined if the user signed out in the meantime */
  readonly redeem: (request: TokenCredentialsRequest) => Promise<LoginResult | undefined>
}

/** Binds the requests to one client. */
export function createLegs(parts: LegsParts): Legs {
  return {
    temporaryCredentials: (options) => requestTemporary(parts.config, options),
    redeem: (request) => requestToken(parts, request),
  }
}

async function requestTemporary(
  { options, ...config }: OAuth1Config,
  { callbackUrl = config.callbackUrl, parameters: form, signal }: TemporaryCredentialsOptions,
): Promise<ReceivedCredentials> {
  const { temporaryCredentialsUrl: url } = options
  if (!url || callbackUrl === undefined)
    throw (await loadProblems()).problems.missingOption(url ? 'callbackUrl' : 'temporaryCredentialsUrl')
  const endpoint = { name: 'temporary credential request endpoint', spec: 'RFC 5849, section 2.1' }
  const parameters = { oauth_callback: callbackUrl }
  const received = await requestCredentials({ options, ...config }, { url, endpoint, parameters, form, signal })
  // Without it the server speaks OAuth 1.0, in which an attacker can start the flow and have the victim finish it.
  if (received.response['oauth_callback_confirmed']?.toLowerCase() === 'true') return received
  throw (await loadProblems()).problems.notConfirmed()
}

async function requestToken(
  { config, session, events }: LegsParts,
  request: TokenCredentialsRequest,
): Promise<LoginResult | undefined> {
  const { credentials, verifier, returnTo, moment, signal } = request
  const { tokenCredentialsUrl: url } = config.options
  if (!verifier) throw (await loadProblems()).problems.noVerifier()
  if (!url) throw (await loadProblems()).problems.missingOption('tokenCredentialsUrl')
  const endpoint = { name: 'token request endpoint', spec: 'RFC 5849, section 2.3' }
  const received = await requestCredentials(config, {
    url,
    endpoint,
    credentials,
    parameters: { oauth_verifier: verifier },
    signal,
  })
  // OAuth 1.0a has no time of the server.
  const context = { environment: config.environment, clockOffsetSeconds: () => 0 }
  const tokenSet = await tokenSetOf(config, received)
  return finishSignIn({ context, session, events }, { tokenSet, reason: 'login', returnTo }, moment)
}

async function tokenSetOf(config: OAuth1Config, received: ReceivedCredentials): Promise<TokenSet> {
  const { userInfo } = config.options
  const tokenSet: TokenSet = {
    accessToken: received.token,
    tokenType: 'OAuth1',
    receivedAt: Math.floor(config.environment.now() / 1000),
    response: received.response,
  }
  if (!userInfo) return tokenSet
  const fetch = createSignedFetch(config, { credentials: async () => received, signal: () => new AbortController().signal })
  try {
    // Claims of an ID token are what every session has. Those of OAuth 1.0a are the app's own word.
    return { ...tokenSet, claims: (await userInfo(fetch, tokenSet)) as IdTokenClaims }
  } catch (cause) {
    throw createError('unexpected', 'The function "userInfo" of the options failed.', { cause })
  }
}
