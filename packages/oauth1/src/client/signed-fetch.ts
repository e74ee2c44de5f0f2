import type { AccessToken, AuthedRequestInit } from '@latchkey/core'
import { createAuthedFetch, createError, createResourceList, explain, explainFailure } from '@latchkey/core/internals'
import type { Credentials } from './credentials.js'
import { loadRareCalls } from './lazy-rare.js'
import type { OAuth1Config } from './resolve-options.js'
import { refuse, sign } from './sign.js'

/** Where the credentials of a call come from. */
export interface CredentialsSource {
  /** @returns null to sign with the client's credentials only; undefined if no user is signed in */
  readonly credentials: () => Promise<Credentials | null | undefined>
  /** Aborted when the session of this moment ends. */
  readonly signal: () => AbortSignal
}

interface SigningToken extends AccessToken {
  readonly credentials: Credentials | null
}

/**
 * Creates a `fetch` that signs each request. The URL is checked against the resource list before anything is sent.
 *
 * @throws ConfigurationError resource_not_allowed, configuration; SessionError missing_token; what `fetch` throws
 * @see RFC 5849, section 3
 */
export function createSignedFetch(
  config: OAuth1Config,
  source: CredentialsSource,
): (input: RequestInfo | URL, init?: AuthedRequestInit) => Promise<Response> {
  const { options, environment } = config
  const { proxy, resources, allowPlainHttp } = options
  // Also what is not signed: without the proxy, a page cannot reach the API.
  const proxied = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const { throughProxy } = await loadRareCalls()
    return environment.fetch(await throughProxy(options, new Request(input, init)).catch(refuse))
  }
  return createAuthedFetch({
    context: { environment: proxy ? { ...environment, fetch: proxied } : environment, explain, options: {} },
    resources: createResourceList(resources, environment.window?.location.origin, allowPlainHttp),
    sessionSignal: source.signal,
    async accessToken(): Promise<SigningToken> {
      const credentials = await source.credentials()
      if (credentials === undefined) throw await explain(createError('missing_token'))
      return { accessToken: '', tokenType: 'OAuth1', credentials }
    },
    load: async () => ({
      explainFailure,
      // Another signature would be refused as well.
      answerChallenge: async (_parts, { response }) => response,
      async sendSpecial(_context, { token, request, transmit }) {
        const signed = await sign(config, request, (token as SigningToken).credentials)
        // Of these parts, `fetch` itself drops the header before it follows a redirect to another origin.
        const { signatureMethod: method } = options
        const isSecret = (typeof method === 'object' ? method.name : method) === 'PLAINTEXT'
        if (!isSecret && signed.headers.has('authorization')) return transmit(signed)
        return (await loadRareCalls()).sendHere(signed, transmit, isSecret)
      },
    }),
  })
}
