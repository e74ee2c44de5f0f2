import { createError } from '../errors/create-error.js'
import { OAuthClientError } from '../errors/errors.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import type { AccessToken } from '../protocol/token-set.js'
import type { AuthedRequestInit } from './fetch-options.js'
import type { ResourceList } from './resource-list.js'
import type { StepUpParts } from './answer-challenge.js'

/** The rarer parts of `fetch`, which are loaded when they are needed. */
export interface AuthedFetchLoaders {
  readonly stepUp: () => Promise<Pick<typeof import('./answer-challenge.js'), 'answerChallenge'>>
  readonly tokenPlacement: () => Promise<Pick<typeof import('./token-placement.js'), 'sendPlaced'>>
}

/** What `fetch` needs of its client. */
export interface AuthedFetchParts extends StepUpParts {
  readonly resources: ResourceList
  readonly context: ProtocolContext
  readonly load: AuthedFetchLoaders
}

/**
 * Creates a `fetch` that adds the access token of the session. The URL is checked against the resource list before anything is sent. If
 * the resource refuses the token as invalid, it is refreshed once and the request is sent again, likewise after a stronger sign-in if the
 * option `stepUp` allows one. Bodies stream and signals abort as with `fetch`.
 *
 * @throws ConfigurationError resource_not_allowed; SessionError missing_token, token_invalid; NetworkError offline; what `fetch` throws
 * @see RFC 6750, sections 2 and 3.1; RFC 9470
 */
export function createAuthedFetch(
  parts: AuthedFetchParts,
): (input: RequestInfo | URL, init?: AuthedRequestInit) => Promise<Response> {
  const { context } = parts
  const { fetch } = context.environment
  return async (input, init = {}) => {
    const { withholdToken, resource: indicator, ...plain } = init
    const request = await typed(context, () => new Request(input, plain))
    const hasOwnCredentials = request.headers.has('authorization')
    if (withholdToken || hasOwnCredentials) return fetch(request)
    const resource = parts.resources.match(new URL(request.url))
    const options = { resource: indicator ?? resource.resource, scope: resource.scope, signal: request.signal }
    // A stream can be sent only once; any other body is kept for a second attempt.
    const retry = request.body === null || !(plain.body instanceof ReadableStream) ? request.clone() : undefined
    const send = async (token: AccessToken, from: Request): Promise<Response> => {
      if (token.tokenType.toLowerCase() === 'dpop') {
        const { fetchWithProof } = await (await context.load()).dpop()
        return fetchWithProof(context, token, from, transmit)
      }
      const { tokenPlacement = 'header' } = resource
      if (tokenPlacement === 'header' && token.tokenType.toLowerCase() === 'bearer') return transmit(withBearer(from, token))
      const { sendPlaced } = await parts.load.tokenPlacement()
      return sendPlaced(from, token, tokenPlacement, transmit)
    }
    const transmit = async (withToken: Request): Promise<Response> => {
      const signal = AbortSignal.any([withToken.signal, parts.sessionSignal()])
      const bound = new Request(withToken, { signal })
      const { protectedRequest } = context.options.compliance ?? {}
      const ready = protectedRequest ? await typed(context, () => protectedRequest(bound)) : bound
      return fetch(ready).catch((cause: unknown) => explainFailure(context, cause))
    }
    const token = await parts.accessToken(options).catch((cause: unknown) => {
      request.signal.throwIfAborted()
      throw cause
    })
    const response = await send(token, request)
    if (!retry || (response.status !== 401 && response.status !== 403)) return response
    const { answerChallenge } = await parts.load.stepUp()
    const { origin } = new URL(request.url)
    return answerChallenge(parts, { response, origin, options, refused: token, resend: (better) => send(better, retry) })
  }
}

/** Runs what the caller or a hook of the app may get wrong. */
async function typed<T>({ explain }: ProtocolContext, run: () => T): Promise<Awaited<T>> {
  try {
    return await run()
  } catch (cause) {
    const error =
      cause instanceof OAuthClientError ? cause : createError('configuration', 'The request could not be made.', { cause })
    throw await explain(error)
  }
}

/** Browsers only say "Failed to fetch". If the device is offline, the error says so, and that a retry may succeed. */
async function explainFailure({ environment, explain }: ProtocolContext, cause: unknown): Promise<never> {
  // The session ended, or the client was closed.
  if (cause instanceof OAuthClientError) throw await explain(cause)
  if (!(cause instanceof TypeError) || environment.window?.navigator.onLine !== false) throw cause
  const hint = 'Try again when the device is back online.'
  throw createError('offline', 'the request could not be sent: the device is offline', { hint, retryable: true, cause })
}

/** @see RFC 6750, section 2.1 */
function withBearer(request: Request, { accessToken }: AccessToken): Request {
  const headers = new Headers(request.headers)
  headers.set('authorization', `Bearer ${accessToken}`)
  return new Request(request, { headers })
}
