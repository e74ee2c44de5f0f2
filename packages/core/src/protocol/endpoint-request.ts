import { createError } from '../errors/create-error.js'
import { type InteractionError, type NetworkError, OAuthClientError } from '../errors/errors.js'
import { customFetch } from 'oauth4webapi'
import type { allowInsecureRequests } from 'oauth4webapi'
import { transportSecurity } from './oauth-parties.js'
import { safeCause, toClientError } from './protocol-errors.js'
import type { Purpose } from './protocol-errors.js'
import type { ProtocolContext } from './protocol-context.js'

/** How one endpoint is asked. */
export interface EndpointRules {
  readonly purpose: Purpose
  readonly signal?: AbortSignal | undefined
  /** Applied in this order to the finished request: compliance hook, then client authentication. */
  readonly prepare?: ReadonlyArray<((request: Request) => Request | Promise<Request>) | undefined>
  readonly adapt?: ((response: Response) => Response | Promise<Response>) | undefined
}

/** The part of `RequestInit` that oauth4webapi gives. */
export interface EndpointInit {
  readonly method?: string
  readonly headers?: HeadersInit
  readonly body?: BodyInit | null | undefined
  readonly signal?: AbortSignal | undefined
}

/** Options for oauth4webapi's request functions that send the request our way. */
export interface EndpointOptions {
  readonly [customFetch]: (url: string, init: EndpointInit) => Promise<Response>
  readonly [allowInsecureRequests]: boolean
}

/** An answer over this many bytes is refused: no answer of these endpoints comes near it. */
const maxBytes = 1_048_576

/**
 * @returns what lets oauth4webapi send its request with our rules: no cookies, no redirect followed (a redirect would carry the
 *   code or token on to another address), a time limit over request and body, a size limit, the app's hooks
 */
export function endpointOptions(context: ProtocolContext, url: URL, rules: EndpointRules): EndpointOptions {
  return { ...transportSecurity(url), [customFetch]: (href, init) => send(context, href, init, rules) }
}

async function send(context: ProtocolContext, href: string, init: EndpointInit, rules: EndpointRules): Promise<Response> {
  const deadline = startDeadline(context.options.timeout ?? 30, rules.signal)
  try {
    const request = await prepared(href, { ...init, signal: deadline.signal }, rules)
    const started = context.environment.now()
    const answer = await exchange(context, request, rules)
    context.logger.debug(`${rules.purpose.name} answered`, {
      status: answer.status,
      milliseconds: context.environment.now() - started,
      spec: rules.purpose.spec,
    })
    return answer
  } catch (error) {
    throw toClientError(deadline.failure(rules.purpose, error))
  } finally {
    deadline.clear()
  }
}

async function prepared(href: string, init: EndpointInit, rules: EndpointRules): Promise<Request> {
  const headers = new Headers(init.headers)
  if (init.body instanceof URLSearchParams) {
    headers.set('content-type', 'application/x-www-form-urlencoded')
  }
  let request = new Request(href, { method: init.method ?? 'GET', headers, body: init.body ?? null })
  for (const step of rules.prepare ?? []) {
    request = step ? await step(request) : request
  }
  // Last, since a hook may have made a new request that lost them.
  return new Request(request, {
    credentials: 'omit',
    redirect: 'manual',
    referrerPolicy: 'no-referrer',
    // What is remembered of a server is remembered here. Where it is asked again (a new key, a mended document), an answer out of the
    // browser's cache would be the one that did not do.
    cache: 'no-cache',
    signal: init.signal ?? null,
  })
}

/** @returns the answer with its body read already, so that the time limit has covered it */
async function exchange(context: ProtocolContext, request: Request, rules: EndpointRules): Promise<Response> {
  const { purpose } = rules
  const reach = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      return await step()
    } catch (error) {
      throw error instanceof OAuthClientError ? error : unreachable(context, purpose, error)
    }
  }
  const response = await reach(() => context.environment.fetch(request))
  if (response.type === 'opaqueredirect' || (response.status > 299 && response.status < 400)) {
    throw createError(purpose.invalid, `${purpose.name} answered with a redirect, which is not followed`, {
      hint: 'Check the URL in the server metadata; something in front of the server redirects it.',
      spec: purpose.spec,
      status: response.status,
    })
  }
  const adapted = rules.adapt ? await rules.adapt(response) : response
  const text = await reach(() => readText(adapted, purpose))
  return new Response(text === '' ? null : text, { status: adapted.status, headers: adapted.headers })
}

async function readText(response: Response, purpose: Purpose): Promise<string> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    size += part.value.byteLength
    if (size > maxBytes) {
      await reader?.cancel()
      throw createError(purpose.invalid, `${purpose.name} answered with more than ${maxBytes} bytes`, {
        hint: `Check that the URL is that of the ${purpose.name}: no answer of one is that long.`,
        spec: purpose.spec,
        status: response.status,
      })
    }
    text += decoder.decode(part.value, { stream: true })
  }
  return text + decoder.decode()
}

function unreachable(context: ProtocolContext, purpose: Purpose, error: unknown): NetworkError {
  const page = context.environment.window
  const isOffline = page?.navigator.onLine === false
  return createError(isOffline ? 'offline' : 'network', `${purpose.name} could not be reached`, {
    hint: hintForUnreachable(isOffline, page !== undefined),
    retryable: true,
    cause: safeCause(error),
  })
}

function hintForUnreachable(isOffline: boolean, isPage: boolean): string {
  if (isOffline) {
    return 'This device is offline: try again when it is back.'
  }
  return isPage
    ? "Check the address, and that the server allows this page's origin (CORS): a browser hides which of the two it is."
    : 'Check the address, the network and the certificate.'
}

function abortedRequest({ name }: Purpose): InteractionError {
  return createError('aborted', `the request to the ${name} was aborted`, {
    hint: 'Nothing is wrong: its AbortSignal fired.',
  })
}

interface Deadline {
  readonly signal: AbortSignal
  readonly failure: (purpose: Purpose, error: unknown) => unknown
  readonly clear: () => void
}

/** Joins the time limit and the caller's signal. */
function startDeadline(seconds: number, signal: AbortSignal | undefined): Deadline {
  const controller = new AbortController()
  let timedOut = false
  const timer = setTimeout(
    () => {
      timedOut = true
      controller.abort()
    },
    Math.min(seconds * 1000, 2 ** 31 - 1),
  )
  const abort = (): void => controller.abort()
  signal?.addEventListener('abort', abort)
  if (signal?.aborted) {
    abort()
  }
  return {
    signal: controller.signal,
    failure: (purpose, error) => {
      if (timedOut) {
        return createError('timeout', `${purpose.name} did not answer within ${seconds} s`, {
          hint: 'Try again later, or give a longer "timeout".',
          retryable: true,
        })
      }
      return controller.signal.aborted ? abortedRequest(purpose) : error
    },
    clear: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    },
  }
}
