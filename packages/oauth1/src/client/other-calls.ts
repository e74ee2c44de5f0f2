import type { LoginResult } from '@latchkey/core'
import { createError, explain } from '@latchkey/core/internals'
import type { CallingClient, TokenParts } from './calling-client.js'
import type { CredentialsRequest, TokenCredentialsRequest } from './credentials-request.js'
import type { ReceivedCredentials } from './credentials.js'
import type { OAuth1Client } from './oauth1-client.js'
import { problems } from './problems.js'
import { type OAuth1Config, OUT_OF_BAND } from './resolve-options.js'

/** Names of the calls besides `fetch`. */
export type OtherCallName =
  | 'userInfo'
  | 'getAccessToken'
  | 'refresh'
  | 'revoke'
  | 'introspect'
  | 'temporaryCredentials'
  | 'tokenCredentials'

/** What these calls share with the sign-in. */
interface Legs {
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

/** The calls of a client, but for `fetch` and those that every client has. */
type OtherCalls = {
  readonly [Name in OtherCallName]: (
    client: CallingClient & Legs,
    ...given: Parameters<OAuth1Client[Name]>
  ) => ReturnType<OAuth1Client[Name]>
}

const unsupported = async (): Promise<never> => {
  throw problems.unsupported()
}

/** Each call as it is made once this chunk is loaded. */
const otherCalls: OtherCalls = {
  async userInfo(client) {
    const { config, parts } = client
    await parts.restored()
    const { tokenSet } = parts.session.state
    if (!tokenSet) throw createError('missing_token')
    const claims = await config.options.userInfo?.(client.fetchOf(client), tokenSet)
    return claims ?? tokenSet.claims ?? {}
  },
  // OAuth 1.0a has no such requests, and no token that can be used without a signature.
  getAccessToken: unsupported,
  refresh: unsupported,
  revoke: unsupported,
  introspect: unsupported,
  async temporaryCredentials({ config, requestTemporary }, { callbackUrl: given, parameters, signal } = {}) {
    const {
      options: { callbackUrl: own },
      base,
    } = config
    const callbackUrl = given ?? (own === OUT_OF_BAND ? own : base.redirectUri)
    if (!callbackUrl) throw problems.missing('callbackUrl')
    return requestTemporary(config, callbackUrl, { body: parameters && new URLSearchParams(parameters), signal })
  },
  async tokenCredentials({ config, parts, moment, requestToken }, credentials, verifier, { signal } = {}) {
    if (!credentials?.token) throw problems.noCredentials()
    // A code that was copied, or a PIN as a number.
    const request = { credentials, verifier: [verifier].join('').trim(), moment, signal }
    const result = await requestToken(config, parts, request)
    if (!result) throw createError('missing_token')
    return result.tokenSet
  },
}

/** Makes a call by its name. */
export async function callOther(
  client: CallingClient,
  legs: Legs,
  name: OtherCallName,
  given: readonly unknown[],
): Promise<unknown> {
  try {
    const call = otherCalls[name] as (client: CallingClient & Legs, ...all: readonly unknown[]) => unknown
    return await call({ ...client, ...legs }, ...given)
  } catch (cause) {
    throw await explain(cause)
  }
}
