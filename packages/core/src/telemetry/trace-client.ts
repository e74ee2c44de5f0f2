import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api'
import { attemptsOf } from '../attempts/observed-client.js'
import type { AttemptEvent, AttemptRequest } from '../attempts/attempt.js'
import type { AttemptListener, OpenAttempt } from '../attempts/attempt-log.js'
import type { OAuthClient } from '../client/client.js'
import { requireKind } from '../errors/require-kind.js'
import { type OptionNames, refuseUnknownOptions } from '../errors/unknown-options.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { parentContext, traceparent } from './traceparent.js'

/** Options of {@link traceClient}. */
export interface TraceOptions {
  /** Makes the spans: `trace.getTracer('my-app')` of `@opentelemetry/api`. */
  readonly tracer: Tracer
  /** Added to every span, such as the name of the client. */
  readonly attributes?: Attributes | undefined
}

const OPTIONS: OptionNames<TraceOptions> = { tracer: 'object', attributes: 'object' }

/**
 * Makes OpenTelemetry spans of what a client attempts: `oauth.sign_in`, `oauth.silent_sign_in`, `oauth.refresh`, `oauth.sign_out` and
 * `oauth.user_info`, each with one span per request to the authorization server, and one span for each call of `client.fetch()`. After a
 * redirect, `oauth.sign_in.callback` is in the same trace. HTTP attributes have the names of the semantic conventions. No token, code,
 * `state`, claim, query or fragment is in a name, attribute or event.
 *
 * Call it before `start()`, and before any code takes `fetch` or `userInfo` out of the client.
 *
 * @param client made by `createOAuthClient`. It stays the same object, and its events have an `attemptId` from now on
 * @returns ends the tracing
 * @throws ConfigurationError configuration for another kind of client, unsupported for the client of a worker
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 * @example
 * import { trace } from '@opentelemetry/api'
 * traceClient(client, { tracer: trace.getTracer('my-app') })
 */
export function traceClient(client: OAuthClient<unknown>, options: TraceOptions): () => void {
  if (IS_DEVELOPMENT) refuseUnknownOptions('traceClient()', options, OPTIONS, 'required')
  requireKind('traceClient()', 'object', client, options, options?.tracer)
  requireKind('traceClient()', 'function', (options.tracer as Partial<Tracer>).startSpan)
  const spans = new WeakMap<OpenAttempt, OpenSpan>()
  const listener: AttemptListener = (event) => {
    if (event.type === 'started') spans.set(event.attempt, startSpan(event, options))
    const open = spans.get(event.attempt)
    if (!open) return
    if (event.type === 'request') addRequest(open, event, options)
    if (event.type === 'ended') endSpan(open.span, event)
  }
  return attemptsOf(client).listen(listener)
}

/** A span that is not ended, and the context of its children. */
interface OpenSpan {
  readonly span: Span
  readonly context: Context
}

const NAMES: Readonly<Record<OpenAttempt['kind'], string>> = {
  'sign-in': 'oauth.sign_in',
  silent: 'oauth.silent_sign_in',
  refresh: 'oauth.refresh',
  'sign-out': 'oauth.sign_out',
  'user-info': 'oauth.user_info',
  fetch: 'HTTP',
  other: 'oauth.request',
}

function startSpan(
  { attempt, at }: { readonly attempt: OpenAttempt; readonly at: number },
  { tracer, attributes }: TraceOptions,
): OpenSpan {
  const { id, kind, transport, isResumed } = attempt
  const parent = parentContext(attempt.trace)
  const span = tracer.startSpan(
    isResumed ? `${NAMES[kind]}.callback` : NAMES[kind],
    {
      kind: kind === 'fetch' ? SpanKind.CLIENT : SpanKind.INTERNAL,
      startTime: new Date(at),
      attributes: {
        ...attributes,
        'latchkey.attempt.id': id,
        'latchkey.attempt.kind': kind,
        ...(transport !== undefined && { 'latchkey.transport': transport }),
      },
    },
    parent,
  )
  attempt.trace ??= traceparent(span.spanContext())
  return { span, context: trace.setSpan(parent ?? ROOT_CONTEXT, span) }
}

type EventOf<Type extends AttemptEvent['type']> = Extract<AttemptEvent, { readonly type: Type }>

function addRequest(open: OpenSpan, { attempt, request }: EventOf<'request'>, { tracer, attributes }: TraceOptions): void {
  const of = requestAttributes(request)
  // The span of a call is the span of its request.
  if (attempt.kind === 'fetch') {
    open.span.updateName(spanName(request)).setAttributes(of)
    return
  }
  const startTime = new Date(request.startedAt)
  const options = { kind: SpanKind.CLIENT, startTime, attributes: { ...attributes, ...of, 'latchkey.attempt.id': attempt.id } }
  const span = tracer.startSpan(spanName(request), options, open.context)
  if (of['error.type'] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end(new Date(request.startedAt + request.durationMs))
}

/** Methods that may be the name of a span: a caller's own must not make a new name each. */
const METHODS: ReadonlySet<string> = new Set(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'])

function spanName({ method }: AttemptRequest): string {
  return METHODS.has(method) ? method : 'HTTP'
}

function methodAttributes(method: string): Attributes {
  if (METHODS.has(method)) return { 'http.request.method': method }
  return { 'http.request.method': '_OTHER', 'http.request.method_original': method }
}

/** @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span */
function requestAttributes({ method, url, status, grantType, errorCode }: AttemptRequest): Attributes {
  const address = URL.canParse(url) ? new URL(url) : undefined
  const port = address && (Number(address.port) || (address.protocol === 'http:' ? 80 : 443))
  const errorType = errorCode ?? (status !== undefined && status >= 400 ? String(status) : undefined)
  return {
    ...methodAttributes(method),
    'url.full': url,
    ...(address && { 'server.address': address.hostname, 'server.port': port }),
    ...(status !== undefined && { 'http.response.status_code': status }),
    ...(grantType !== undefined && { 'latchkey.grant_type': grantType }),
    ...(errorType !== undefined && { 'error.type': errorType }),
  }
}

function endSpan(span: Span, { attempt, outcome, errorCode, durationMs, at }: EventOf<'ended'>): void {
  span.setAttributes({
    'latchkey.outcome': outcome,
    // Of the whole attempt: the span of a callback begins after the redirect.
    'latchkey.attempt.duration_ms': durationMs,
    ...(attempt.transport !== undefined && { 'latchkey.transport': attempt.transport }),
    ...(errorCode !== undefined && { 'error.type': errorCode }),
  })
  if (outcome === 'failed') span.setStatus({ code: SpanStatusCode.ERROR })
  span.end(new Date(at))
}
