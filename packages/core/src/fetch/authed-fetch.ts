import type { Environment } from '../platform/environment.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import type { AccessToken } from '../protocol/token-set.js'
import type { AuthedRequestInit } from './fetch-options.js'
import type { ResourceList } from './resource-list.js'
import type { Refusal, StepUpParts } from './answer-challenge.js'
import { withBearer } from './with-bearer.js'
import type { SpecialRequest } from './send-special.js'

/** What `fetch` itself needs of a context. */
export interface FetchContext {
  readonly environment: Pick<Environment, 'fetch' | 'now'>
  readonly options: {
    readonly compliance?:
      | { readonly protectedRequest?: ((request: Request) => Request | Promise<Request>) | undefined }
      | undefined
    readonly dpop?: unknown
  }
}

/** The rarer parts of `fetch`, which are loaded when they are needed. */
export interface RareFetchParts<Context extends FetchContext = ProtocolContext> {
  readonly answerChallenge: (parts: StepUpParts, refusal: Refusal) => Promise<Response>
  readonly explainFailure: (context: Context, cause: unknown, isOfApp: boolean) => Promise<unknown>
  readonly sendSpecial: (context: Context, request: SpecialRequest) => Promise<Response>
}

/** What `fetch` needs of its client. */
export interface AuthedFetchParts<Context extends FetchContext = ProtocolContext> extends StepUpParts {
  readonly resources: ResourceList
  readonly context: Context
  readonly load: () => Promise<RareFetchParts<Context>>
}

/**
 * Creates a `fetch` that adds the access token of the session. The URL is checked against the resource list before anything is sent. If
 * the resource refuses the token as invalid, it is refreshed once and the request is sent again, likewise after a stronger sign-in if the
 * option `stepUp` allows one. Bodies stream and signals abort as with `fetch`.
 *
 * @throws ConfigurationError resource_not_allowed; SessionError missing_token, token_invalid; NetworkError offline; what `fetch` throws
 * @see RFC 6750, sections 2 and 3.1; RFC 9470
 */
export function createAuthedFetch<Context extends FetchContext = ProtocolContext>(
  parts: AuthedFetchParts<Context>,
): (input: RequestInfo | URL, init?: AuthedRequestInit) => Promise<Response> {
  const { context, load } = parts
  const { fetch } = context.environment
  const fail = async (cause: unknown, isOfApp = false): Promise<never> => {
    // Offline, and the chunk is not loaded: then there is no better error.
    const loaded = await load().catch(() => undefined)
    throw loaded ? await loaded.explainFailure(context, cause, isOfApp) : cause
  }
  const ofApp = (cause: unknown): Promise<never> => fail(cause, true)
  return async (input, init) => {
    const { withholdToken, resource: indicator, ...plain } = init ?? {}
    const request = await Promise.resolve()
      .then(() => new Request(input, plain))
      .catch(ofApp)
    if (withholdToken || request.headers.has('authorization')) return fetch(request)
    const resource = await Promise.resolve(new URL(request.url)).then(parts.resources.match).catch(fail)
    const options = { resource: indicator ?? resource.resource, scope: resource.scope, signal: request.signal }
    // A stream can be sent only once; any other body is kept for a second attempt.
    const retry = request.body === null || !(plain.body instanceof ReadableStream) ? request.clone() : undefined
    const send = async (token: AccessToken, from: Request, session = parts.sessionSignal()): Promise<Response> => {
      const transmit = async (finished: Request, headers = finished.headers): Promise<Response> => {
        // A copy loses these two (Fetch, section 5.4).
        const { referrer, referrerPolicy } = finished
        const signal = AbortSignal.any([finished.signal, session])
        const bound = new Request(finished, { headers, referrer, referrerPolicy, signal })
        const { protectedRequest } = context.options.compliance ?? {}
        const ready: Request | undefined = protectedRequest
          ? await Promise.resolve(bound).then(protectedRequest).catch(ofApp)
          : bound
        // The session may have ended while a proof was signed or the hook ran.
        if (session.aborted) return fail(session.reason)
        // A hook without `return`.
        return ready?.url ? fetch(ready).catch((cause: unknown) => fail(cause)) : ofApp(ready)
      }
      const { tokenPlacement: placement = 'header' } = resource
      if (placement === 'header' && token.tokenType.toLowerCase() === 'bearer' && !context.options.dpop)
        return transmit(from, withBearer(from, token))

      return (await load()).sendSpecial(context, { token, request: from, placement, transmit })
    }
    // Of now: the call belongs to the session in which it was made.
    const session = parts.sessionSignal()
    const token = await parts.accessToken(options).catch((cause: unknown) => {
      request.signal.throwIfAborted()
      throw cause
    })
    const response = await send(token, request, session)
    if (!retry || (response.status !== 401 && response.status !== 403)) return response
    const { answerChallenge } = await load()
    const { origin } = new URL(request.url)
    return answerChallenge(parts, { response, origin, options, refused: token, session, resend: (better) => send(better, retry) })
  }
}
