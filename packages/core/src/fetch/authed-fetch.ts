import type { Environment } from '../platform/environment.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import type { AccessToken } from '../protocol/token-set.js'
import type { AuthedRequestInit, Resource } from './fetch-options.js'
import type { LoadDecodedPath, ResourceList } from './resource-list.js'
import type { Refusal, StepUpParts } from './answer-challenge.js'
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
  readonly decodedPath: Awaited<ReturnType<LoadDecodedPath>>['decodedPath']
  readonly explainFailure: (context: Context, cause: unknown, isOfApp?: boolean) => Promise<unknown>
  readonly sendSpecial: (context: Context, request: SpecialRequest) => Promise<Response>
}

/**
 * @param session is aborted when the session in which the call was made ends. Default: that of now
 * @param body of a call that was copied into a request
 */
export type AuthedFetch = (
  input: RequestInfo | URL,
  init?: AuthedRequestInit,
  session?: AbortSignal,
  body?: unknown,
) => Promise<Response>

/** What `fetch` needs of its client. */
export interface AuthedFetchParts<Context extends FetchContext = ProtocolContext> extends StepUpParts {
  readonly resources: ResourceList
  readonly context: Context
  /** What sends the calls. Default: that of the context's environment. */
  readonly fetch?: typeof fetch | undefined
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
export function createAuthedFetch<Context extends FetchContext = ProtocolContext>(parts: AuthedFetchParts<Context>): AuthedFetch {
  const { load, resources, sessionSignal, accessToken } = parts
  const { fetch = parts.context.environment.fetch } = parts
  const fail = createFail(parts)
  const send = createSend(parts, fail)
  // Of now, before anything is awaited: the call belongs to the session in which it was made.
  return async (input, init, session = sessionSignal(), body = init?.body) => {
    const { withholdToken, resource: indicator, ...plain } = init ?? {}
    let call: Call
    let resource: Resource | Promise<Resource>
    try {
      call = readCall(input, plain)
      if (withholdToken || 'authorization' in call.headers) return fetch(requestOf(call))
      resource = resources.match(call.href, load)
      // Nothing is awaited that is there already: each promise takes time.
      if ('then' in resource) resource = await resource
      session.throwIfAborted()
    } catch (cause) {
      return fail(cause, !session.aborted)
    }
    const tokenOptions = { resource: indicator ?? resource.resource, scope: resource.scope, signal: call.signal }
    const retry = retryOf(call, body)
    let token = accessToken(tokenOptions)
    // Not `instanceof Promise`: libraries as zone.js replace the global one, and async functions return the browser's own.
    if ('then' in token) {
      token = await token.then(undefined, (cause: unknown) => {
        call.signal?.throwIfAborted()
        throw cause
      })
    }
    const response = await send(call, token, resource, session)
    if (!isRefused(retry, response)) return response
    const { answerChallenge } = await load()
    return answerChallenge(parts, {
      response,
      origin: new URL(call.href).origin,
      options: tokenOptions,
      refused: token,
      session,
      resend: (better) => send(retry, better, resource),
    })
  }
}

/** @returns whether the call was refused for its token, and can be sent again */
function isRefused(retry: Call | false, { status }: Response): retry is Call {
  return retry && [401, 403].includes(status)
}

type Fail = (cause: unknown, isOfApp?: boolean) => Promise<never>

function createFail<Context extends FetchContext>({ context, load }: AuthedFetchParts<Context>): Fail {
  return async (cause, isOfApp) => {
    throw await load().then(
      ({ explainFailure }) => explainFailure(context, cause, isOfApp),
      // Offline, and the chunk is not loaded: then there is no better error.
      () => cause,
    )
  }
}

type Send = (call: Call, token: AccessToken, resource: Resource, session?: AbortSignal) => Promise<Response>

/** @returns sends a call with its token */
function createSend<Context extends FetchContext>(parts: AuthedFetchParts<Context>, fail: Fail): Send {
  const { context, load, sessionSignal } = parts
  const { environment, options } = context
  const { fetch = environment.fetch } = parts
  const transmit = ({ request, href, signal, ...call }: Call, session: AbortSignal, token?: AccessToken): Promise<Response> => {
    // The session may have ended while a proof was signed or a hook ran.
    session.throwIfAborted()
    const init = {
      ...call.init,
      // RFC 6750, section 2.1
      headers: { ...call.headers, ...(token && { authorization: `Bearer ${token.accessToken}` }) },
      // Node adds a listener to a signal for each request, which would stay on that of the session until it ends.
      signal: signal || !globalThis.document ? AbortSignal.any([signal ?? session, session]) : session,
    }
    return request ? fetch(new Request(request, init)) : fetch(href, init)
  }
  return async (call, token, { tokenPlacement: placement = 'header' }, session = sessionSignal()) => {
    const isPlain =
      placement === 'header' &&
      token.tokenType.toLowerCase() === 'bearer' &&
      !options.dpop &&
      !options.compliance?.protectedRequest
    try {
      if (isPlain) return await transmit(call, session, token)
      const { sendSpecial } = await load()
      return await sendSpecial(context, {
        token,
        placement,
        request: requestOf(call),
        transmit: (request) => transmit(callOf(request), session),
        session,
      })
    } catch (cause) {
      return fail(cause)
    }
  }
}

/**
 * One call of `fetch`. A `Request` costs more time than all the rest of a call, and the browser makes its own. So there is one only if
 * the caller's arguments are not simple: the constructor checks them, and copies what the caller may change afterwards.
 */
interface Call {
  /** Absolute, as the URL parser writes it. */
  readonly href: string
  /** By lower-case name. `fetch` reads a plain object in half of the time that it takes for `Headers`. */
  readonly headers: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  readonly request?: Request
  /** Of a call without a request; else what a copy of the request would lose, see `copy-request.ts`. */
  readonly init: Omit<RequestInit, 'headers' | 'signal'>
}

/** Nothing of it can be invalid in a simple call, except headers. */
const SIMPLE_CALL = /^(?:(?:GET|HEAD) undefined|(?:POST|PUT|PATCH|DELETE) (?:undefined|string))$/

/** @throws TypeError for arguments that `fetch` refuses */
function readCall(input: RequestInfo | URL, init: RequestInit): Call {
  const { method = 'GET', headers: _checked, body, signal, ...others } = init
  const isSimple =
    SIMPLE_CALL.test(`${method} ${typeof body}`) &&
    (signal === undefined || signal instanceof AbortSignal) &&
    Object.keys(others).length === 0
  if (isSimple && !(input instanceof Request)) {
    const { href } = new URL(input, globalThis.document?.baseURI ?? globalThis.location?.href)
    const headers = headersIn(init)
    // `fetch` refuses a URL with a password.
    if (!href.includes('@')) return { href, headers, signal, init }
  }
  return callOf(new Request(input, init))
}

function callOf(request: Request): Call {
  const { signal, referrer, referrerPolicy } = request
  return { href: request.url, headers: headersIn(request), signal, request, init: { referrer, referrerPolicy } }
}

function headersIn({ headers }: RequestInit): Call['headers'] {
  return headers ? Object.fromEntries(new Headers(headers)) : {}
}

/** A stream can be sent only once; any other body is kept for a second attempt. */
function retryOf(call: Call, body: unknown): Call | false {
  const { request } = call
  return request && request.body !== null ? !(body instanceof ReadableStream) && callOf(request.clone()) : call
}

function requestOf({ href, init, headers, signal, request }: Call): Request {
  return request ?? new Request(href, { ...init, headers, signal: signal ?? null })
}
