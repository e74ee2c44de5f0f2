import { createError } from '../errors/create-error.js'
import type { ClientAuthentication } from './client-authentication.js'
import { endpointUrl } from './endpoint-url.js'
import type { ProtocolContext } from './protocol-context.js'
import { safeCause, toClientError, withClientErrors } from './protocol-errors.js'
import type { Parameters } from './protocol-options.js'
import type { Purpose } from './purpose.js'
import type { ServerMetadata } from './server-metadata.js'
import { isRecord } from '../platform/is-record.js'
import { type NetworkError, OAuthClientError } from '../errors/errors.js'
import { unlessAborted } from '../platform/abort.js'
import { timeoutSignal } from '../platform/timer.js'

/** How one endpoint is called. */
export interface EndpointRules {
  readonly purpose: Pick<Purpose, 'name' | 'invalid' | 'spec'>
  readonly signal?: AbortSignal | undefined
  /** Applied in this order to the finished request: compliance hook, then client authentication. */
  readonly prepare?: ReadonlyArray<((request: Request) => Request | Promise<Request>) | undefined>
  readonly adapt?: ((response: Response) => Response | Promise<Response>) | undefined
  /** Called with the body of a successful response before it is checked: as received, if `adapt` throws. */
  readonly onText?: ((text: string) => unknown) | undefined
}

/** The request itself. */
export interface EndpointInit {
  readonly method?: string | undefined
  readonly headers?: HeadersInit | undefined
  readonly body?: BodyInit | null | undefined
  readonly signal?: AbortSignal | undefined
}

/** Larger responses are refused: no response of these endpoints comes near it. */
const MAX_BYTES = 1_048_576

/** What a request to an endpoint needs of its client. */
export interface SendingContext extends Pick<ProtocolContext, 'environment' | 'logger'> {
  /** `timeout` in seconds. */
  readonly options: { readonly timeout?: number | undefined }
}

/**
 * Sends one request by our rules: no cookies, no redirects (a redirect would send the code or token to another address), a time limit
 * for request and body, a size limit, the app's hooks.
 *
 * @returns the response with its body read
 * @throws NetworkError offline, network, timeout; InteractionError aborted; what the rules refuse
 */
export async function sendToEndpoint(
  context: SendingContext,
  href: string,
  init: EndpointInit,
  rules: EndpointRules,
): Promise<Response> {
  const { purpose, signal } = rules
  const seconds = context.options.timeout ?? 30
  const timeout = timeoutSignal(seconds * 1000)
  const ends = signal ? AbortSignal.any([timeout, signal]) : timeout
  try {
    const request = await prepared(href, { ...init, signal: ends }, rules)
    // It may have been aborted while the request was prepared or its proof was signed.
    signal?.throwIfAborted()
    const started = context.environment.now()
    // A custom `fetch` may ignore the signal. The request's own one is garbage in Node.js if `fetch` does not keep the request, and never fires.
    const response = await unlessAborted(sendRequest(context, request, rules), ends)
    context.logger.debug(`${purpose.name} responded`, {
      status: response.status,
      milliseconds: context.environment.now() - started,
      spec: purpose.spec,
    })
    return response
  } catch (error) {
    if (signal?.aborted) throw createError('aborted', ['abortedRequest', purpose.name])
    if (timeout.aborted) throw createError('timeout', ['timedOut', purpose.name, seconds], { retryable: true })
    throw toClientError(error)
  }
}

async function prepared(href: string, init: EndpointInit, rules: EndpointRules): Promise<Request> {
  const headers = new Headers(init.headers)
  if (init.body instanceof URLSearchParams) headers.set('content-type', 'application/x-www-form-urlencoded')

  let request = new Request(href, { method: init.method ?? 'GET', headers, body: init.body ?? null })
  for (const step of rules.prepare ?? []) request = step ? await step(request) : request

  // Last, since a hook may have made a new request that lost them.
  return new Request(request, {
    credentials: 'omit',
    redirect: 'manual',
    referrerPolicy: 'no-referrer',
    // We cache metadata ourselves. A refetch must bypass the HTTP cache, or it returns the stale document.
    cache: 'no-cache',
    signal: init.signal ?? null,
  })
}

/** @returns the response with its body read, so that the time limit covers it */
async function sendRequest(context: SendingContext, request: Request, rules: EndpointRules): Promise<Response> {
  const { purpose } = rules
  const reach = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      return await step()
    } catch (error) {
      throw error instanceof OAuthClientError ? error : unreachable(context, purpose, error)
    }
  }
  const response = await reach(() => context.environment.fetch(request))
  if (response.type === 'opaqueredirect' || (response.status > 299 && response.status < 400))
    throw createError(purpose.invalid, ['redirect', purpose.name], { spec: purpose.spec, status: response.status })

  const report = async (from: Response): Promise<string> => {
    const text = await reach(() => readText(from, purpose))
    if (from.ok) rules.onText?.(text)
    return text
  }
  const adapted = rules.adapt ? await adapt(response, rules.adapt, rules.onText && report) : response
  const text = await report(adapted)
  return new Response(text === '' ? null : text, { status: adapted.status, headers: adapted.headers })
}

/** @param onFailure called with the response as received, if the hook throws */
async function adapt(
  response: Response,
  hook: NonNullable<EndpointRules['adapt']>,
  onFailure: ((response: Response) => Promise<unknown>) | undefined,
): Promise<Response> {
  const received = onFailure && response.clone()
  try {
    return await hook(response)
  } catch (cause) {
    if (received) await onFailure(received)
    throw cause
  }
}

async function readText(response: Response, purpose: EndpointRules['purpose']): Promise<string> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    size += part.value.byteLength
    if (size > MAX_BYTES) {
      await reader?.cancel()
      throw createError(purpose.invalid, ['tooLong', purpose.name, MAX_BYTES], { spec: purpose.spec, status: response.status })
    }
    text += decoder.decode(part.value, { stream: true })
  }
  return text + decoder.decode()
}

function unreachable(context: SendingContext, purpose: EndpointRules['purpose'], error: unknown): NetworkError {
  const isOffline = context.environment.window?.navigator.onLine === false
  return createError(isOffline ? 'offline' : 'network', ['unreachable', purpose.name], {
    retryable: true,
    cause: safeCause(error),
  })
}

export type JsonObject = Readonly<Record<string, unknown>>

/**
 * Reads the JSON object of a success response that contains no error. {@link readJsonObject} reads all other responses.
 *
 * @param secrets values that were sent and must not come back in a message
 * @throws as `readJsonObject`
 */
export async function readUsualJson(
  { load }: Pick<ProtocolContext, 'load'>,
  response: Response,
  purpose: Purpose,
  secrets?: readonly string[],
): Promise<JsonObject> {
  const body = await parseBody(response.clone())
  const type = response.headers.get('content-type') ?? ''
  const isUsual = response.ok && (body?.['error'] ?? '') === '' && (purpose.mediaType?.test(type) ?? true)
  if (body && isUsual) return body
  const failures = await (await load()).failures()
  return failures.readJsonObject(response, purpose, secrets)
}

/** @returns undefined if the body is not a JSON object */
export async function parseBody(response: Response): Promise<JsonObject | undefined> {
  try {
    const body: unknown = JSON.parse(await response.text())
    return isRecord(body) ? body : undefined
  } catch {
    return undefined
  }
}

/** One request to an endpoint at which the client authenticates. */
export interface AuthenticatedRequest {
  readonly endpoint: `${
    | 'token'
    | 'revocation'
    | 'introspection'
    | 'pushed_authorization_request'
    | 'device_authorization'
    | 'backchannel_authentication'}_endpoint`
  readonly purpose: Purpose
  /** The body, without what client authentication adds. */
  readonly parameters: URLSearchParams
  /** Default: `accept: application/json`. */
  readonly headers?: HeadersInit | undefined
  /** Compliance hook for the request, before client authentication. */
  readonly adaptRequest?: ((request: Request) => Request | Promise<Request>) | undefined
  /** Compliance hook for the response. */
  readonly adaptResponse?: ((response: Response) => Response | Promise<Response>) | undefined
  readonly onText?: EndpointRules['onText']
  /** Instead of the client's own method. */
  readonly clientAuth?: ClientAuthentication | undefined
  readonly signal?: AbortSignal | undefined
  /** Adds a DPoP proof if the option `dpop` is set. */
  readonly withProof?: boolean
}

/** Sends a request with client authentication and, if required, a DPoP proof. */
export function sendAuthenticatedRequest(
  context: ProtocolContext,
  metadata: ServerMetadata,
  request: AuthenticatedRequest,
): Promise<Response> {
  return withClientErrors(context, async () => {
    const { purpose, signal, clientAuth = context.options.clientAuth ?? 'none' } = request
    const isPublic = clientAuth === 'none'
    const rare = isPublic ? undefined : await (await context.load()).failures()
    const authenticate = await rare?.authentication(context, metadata, clientAuth)
    const { clientId, dpop } = context.options
    const body = new URLSearchParams(request.parameters)
    if (isPublic) body.set('client_id', clientId)
    const url = endpointUrl(context, metadata, request.endpoint)
    const send = (headers: Headers): Promise<Response> =>
      sendToEndpoint(
        context,
        url.href,
        { method: 'POST', headers, body },
        {
          purpose,
          signal,
          prepare: [request.adaptRequest, authenticate],
          adapt: request.adaptResponse,
          onText: request.onText,
        },
      )
    const headers = new Headers(request.headers ?? { accept: 'application/json' })
    if (headers.has('authorization')) throw createError('configuration', ['credentials'])
    if (!request.withProof || !dpop) return send(headers)
    const { sendWithProof } = await (await context.load()).dpop()
    return sendWithProof(context, { url, method: 'POST', headers }, send)
  })
}

/**
 * Sets parameters of a query: a list repeats its parameter, `undefined` keeps the present value, `null` removes it.
 */
export function setParameters(query: URLSearchParams, parameters: Parameters): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) {
      query.delete(name)
      for (const one of value === null ? [] : [value].flat()) query.append(name, String(one))
    }
  }
}
