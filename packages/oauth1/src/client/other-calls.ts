import type { LoginResult, TokenSet, UserClaims } from '@latchkey/core'
import { createError, explain } from '@latchkey/core/internals'
import type { CallingClient, TokenParts } from './calling-client.js'
import { checkCallback, checkCredentials } from './check-arguments.js'
import type { CredentialsRequest, TokenCredentialsRequest } from './credentials-request.js'
import type { Credentials, ReceivedCredentials } from './credentials.js'
import { IS_DEVELOPMENT } from './is-development.js'
import type { OAuth1Client, TemporaryCredentialsOptions } from './oauth1-client.js'
import { problems } from './problems.js'
import { type OAuth1Config, OUT_OF_BAND } from './resolve-options.js'

/** What these calls share with the sign-in. */
export interface Legs {
  readonly requestTemporary: (
    config: OAuth1Config,
    callbackUrl: string,
    more: Pick<CredentialsRequest, 'body' | 'signal'>,
  ) => Promise<ReceivedCredentials>
  readonly requestToken: (
    config: OAuth1Config,
    parts: TokenParts,
    request: TokenCredentialsRequest,
  ) => Promise<LoginResult | undefined>
  readonly fetchOf: (client: CallingClient) => typeof fetch
}

/** Calls of a client besides `login`, `logout` and `fetch`. Their errors have the texts. */
export interface OtherCalls {
  readonly userInfo: () => Promise<UserClaims>
  /** Rejects: OAuth 1.0a has no such request, and no token that can be used without a signature. */
  readonly unsupported: () => Promise<never>
  readonly temporaryCredentials: OAuth1Client['temporaryCredentials']
  readonly tokenCredentials: OAuth1Client['tokenCredentials']
}

/** Creates the calls of a client, each to be made once. */
export function createOtherCalls(client: CallingClient, legs: Legs): OtherCalls {
  return {
    userInfo: () => explained(() => readUser(client, legs)),
    unsupported: () =>
      explained(async () => {
        throw problems.unsupported()
      }),
    temporaryCredentials: (options) => explained(() => requestFirst(client, legs, options)),
    tokenCredentials: (credentials, verifier, options) => {
      const { parts, moment } = client
      // A code that was copied, or a PIN as a number.
      const request = { credentials, verifier: [verifier].join('').trim(), moment, signal: options?.signal }
      return explained(() => requestLast(client.config, parts, legs, request))
    },
  }
}

/** Adds the texts to an error. */
async function explained<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call()
  } catch (cause) {
    throw await explain(cause)
  }
}

async function readUser(client: CallingClient, { fetchOf }: Legs): Promise<UserClaims> {
  const { config, parts } = client
  await parts.restored()
  const { tokenSet } = parts.session.state
  if (!tokenSet) throw createError('missing_token')
  const claims = await config.options.userInfo?.(fetchOf(client), tokenSet)
  return claims ?? tokenSet.claims ?? {}
}

async function requestFirst(
  { config }: CallingClient,
  { requestTemporary }: Legs,
  { callbackUrl: given, parameters, signal }: TemporaryCredentialsOptions = {},
): Promise<ReceivedCredentials> {
  if (IS_DEVELOPMENT) checkCallback(given)
  const {
    options: { callbackUrl: own },
    base,
  } = config
  const callbackUrl = given ?? (own === OUT_OF_BAND ? own : base.redirectUri)
  if (!callbackUrl) throw problems.missing('callbackUrl')
  return requestTemporary(config, callbackUrl, { body: parameters && new URLSearchParams(parameters), signal })
}

async function requestLast(
  config: OAuth1Config,
  parts: TokenParts,
  { requestToken }: Legs,
  request: TokenCredentialsRequest,
): Promise<TokenSet> {
  // JavaScript may pass nothing.
  const credentials = request.credentials as Credentials | undefined
  if (IS_DEVELOPMENT) checkCredentials(credentials)
  if (!credentials?.token) throw problems.noCredentials()
  const result = await requestToken(config, parts, request)
  if (!result) throw createError('missing_token')
  return result.tokenSet
}
