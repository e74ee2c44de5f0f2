import type { OAuthClient } from '../client/client.js'
import type { ClientEvents } from '../client/events.js'
import { type ClientInternals, internalsOf } from '../client/internals.js'
import { OAuthClientError } from '../errors/errors.js'
import { warningLogger } from '../platform/logger.js'
import type { SessionEvent } from '../session/session-state.js'
import type { RequestObserver, StoredAttempt } from '../sign-in/sign-in-options.js'
import type { AttemptKind } from './attempt.js'
import { AttemptLog, type OpenAttempt } from './attempt-log.js'
import { plainUrl, requestParts, type RequestParts } from './request-parts.js'

const SIGN_IN: readonly AttemptKind[] = ['sign-in', 'silent']
const RENEWAL: readonly AttemptKind[] = ['refresh', 'silent', 'sign-in']

const logs = new WeakMap<object, AttemptLog>()

/**
 * Observes a client once, however many listeners there are. The client stays the same object: React components that have it already are
 * observed, too.
 *
 * @throws ConfigurationError configuration for an object that `createOAuthClient` did not make, unsupported for the client of a worker
 */
export function attemptsOf(client: OAuthClient<unknown>): AttemptLog {
  const known = logs.get(client)
  if (known) return known
  const internals = internalsOf(client)
  const log = new AttemptLog(internals.config.environment.now, client.options.logger ?? warningLogger)
  new ClientObserver(internals, log).observe(client)
  logs.set(client, log)
  return log
}

/** Finds out which attempt a step of the client belongs to. A page has no call context, so it is by what each step is. */
class ClientObserver {
  readonly #log: AttemptLog
  readonly #internals: ClientInternals
  /** The attempt whose response is being redeemed. */
  #redeeming: OpenAttempt | undefined
  readonly #byError = new WeakMap<object, OpenAttempt>()

  constructor(internals: ClientInternals, log: AttemptLog) {
    this.#internals = internals
    this.#log = log
  }

  observe(client: OAuthClient<unknown>): void {
    const { config, events, session } = this.#internals
    const { fetch, window: page } = config.environment
    const emit = events.emit.bind(events)
    const observedFetch: typeof fetch = (input, init) => this.#send(input, init, fetch)
    Object.assign(config.environment, { fetch: observedFetch })
    Object.assign(events, {
      emit: <Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]) => this.#emit(name, event, emit),
    })
    config.observer = { onRequest: (request) => this.#onRequest(request), onResponse: (stored) => this.#onResponse(stored) }
    session.subscribe((event) => this.#onState(event))
    page?.addEventListener('pagehide', () => this.#log.endAll('redirected', 'sign-out'))
    this.#observeCalls(client)
  }

  #observeCalls(client: OAuthClient<unknown>): void {
    const former = { ...client }
    const observed: Pick<OAuthClient, 'fetch' | 'userInfo'> = {
      fetch: (input, init) => this.#call(input, init, () => former.fetch(input, init)),
      userInfo: (options) => this.#during('user-info', () => former.userInfo(options)),
    }
    Object.assign(client, observed)
  }

  #onState({ type }: SessionEvent): void {
    const log = this.#log
    if (type === 'login_started' && !this.#redeeming) log.start('sign-in', false)
    if (type === 'refresh_started') log.start('refresh')
    if (type === 'refresh_ended') log.endAll('succeeded', 'refresh')
    if (type === 'logout_ended') log.endAll('succeeded', 'sign-out')
    if (type === 'login_abandoned') this.#endSignIn('abandoned')
    if (type === 'restored') log.endAll('abandoned', 'silent')
    // Before the event that says why, so that it is part of the attempt.
    if (type === 'signed_out' && this.#internals.session.state.activity === 'signing-out') log.start('sign-out')
  }

  #endSignIn(outcome: 'abandoned' | 'succeeded'): void {
    const attempt = this.#redeeming ?? this.#log.latest(...SIGN_IN)
    this.#redeeming = undefined
    if (attempt) this.#log.end(attempt, outcome)
  }

  #onRequest({ transport, isSilent }: Parameters<RequestObserver['onRequest']>[0]): StoredAttempt {
    const log = this.#log
    const attempt = isSilent
      ? (log.latest('refresh') ?? log.start('silent'))
      : (log.find(({ kind, transport: known }) => kind === 'sign-in' && known === undefined) ?? log.start('sign-in', false))
    attempt.transport = transport
    log.show(attempt)
    const { id, startedAt, trace } = attempt
    // The page is left now. What follows is in the page of the callback.
    if (transport === 'redirect') log.end(attempt, 'redirected')
    return { id, startedAt, trace }
  }

  #onResponse({ attempt: stored, transport }: Parameters<RequestObserver['onResponse']>[0]): void {
    if (!stored) return
    this.#redeeming = this.#log.find(({ id }) => id === stored.id) ?? this.#log.resume(stored, transport)
  }

  #emit<Name extends keyof ClientEvents>(
    name: Name,
    event: ClientEvents[Name],
    emit: (name: Name, event: ClientEvents[Name]) => void,
  ): void {
    const error = 'error' in event ? event.error : undefined
    const attempt = (error && this.#byError.get(error)) ?? this.#attemptOf(name, event)
    if (attempt && error) this.#byError.set(error, attempt)
    if (attempt) this.#log.show(attempt)
    const durationMs = attempt && this.#log.durationOf(attempt)
    emit(name, { ...event, attemptId: attempt?.id ?? crypto.randomUUID(), durationMs })
    if (attempt) this.#endBy(name, attempt, error)
  }

  /** @returns undefined for what another tab did, or the app itself */
  #attemptOf(name: keyof ClientEvents, event: object): OpenAttempt | undefined {
    const log = this.#log
    const { reason } = event as { readonly reason?: string }
    switch (name) {
      case 'signed-in':
      case 'user-changed':
        return this.#redeeming
      case 'token-set':
        return reason === 'restored' ? undefined : (this.#redeeming ?? log.latest('refresh'))
      case 'signed-out':
        return reason === 'logout' ? log.latest('sign-out') : reason === 'session-ended' ? log.latest('refresh') : undefined
      case 'refresh-failed':
        return log.latest('refresh') ?? log.start('refresh')
      case 'error':
        return this.#redeeming ?? log.latest(...SIGN_IN, 'sign-out') ?? log.latest('refresh')
      case 'callback-ignored':
        return this.#redeeming ?? log.find(({ isShown, kind }) => !isShown && kind === 'sign-in')
      case 'storage-degraded':
        return undefined
    }
  }

  #endBy(name: keyof ClientEvents, attempt: OpenAttempt, error: OAuthClientError | undefined): void {
    if (name === 'error' || name === 'refresh-failed') this.#log.end(attempt, 'failed', codeOf(error))
    else if (name === 'signed-in') this.#endSignIn('succeeded')
    else if (name === 'token-set' && attempt.kind === 'refresh' && attempt !== this.#redeeming)
      this.#log.end(attempt, 'succeeded')
    if (attempt === this.#redeeming && name === 'error') this.#redeeming = undefined
  }

  async #send(input: RequestInfo | URL, init: RequestInit | undefined, send: typeof fetch): Promise<Response> {
    const startedAt = this.#log.now()
    const parts = await requestParts(input, init)
    const [attempt, isWhole] = this.#attemptOfRequest(parts)
    const { method, url, grantType } = parts
    const result = (outcome: { readonly status?: number; readonly errorCode?: string }): void => {
      this.#log.addRequest(attempt, { method, url, grantType, startedAt, durationMs: this.#log.now() - startedAt, ...outcome })
      if (isWhole) this.#log.end(attempt, (outcome.status ?? 500) < 400 ? 'succeeded' : 'failed', outcome.errorCode)
    }
    try {
      const response = await send(input, init)
      result({ status: response.status })
      return response
    } catch (cause) {
      result({ errorCode: codeOf(cause) })
      throw cause
    }
  }

  /** @returns whether the request is all of the attempt, such as a token for one resource */
  #attemptOfRequest({ isAuthorized, grantType, fields }: RequestParts): readonly [attempt: OpenAttempt, isWhole: boolean] {
    const log = this.#log
    const found = (): OpenAttempt | undefined => {
      if (grantType === 'refresh_token') return log.latest('refresh')
      if (grantType === 'authorization_code') return this.#redeeming ?? log.latest(...SIGN_IN)
      if (grantType !== undefined) return undefined
      if (fields.includes('token')) return log.latest('sign-out')
      if (isAuthorized && fields.length === 0) return log.latest('user-info')
      return this.#redeeming ?? log.latest(...RENEWAL, 'sign-out', 'user-info')
    }
    const attempt = found()
    return attempt ? [attempt, false] : [log.start(grantType === 'refresh_token' ? 'refresh' : 'other'), true]
  }

  /** A call of the app's API: one request, as the app sees it. */
  async #call(
    input: RequestInfo | URL,
    init: Parameters<OAuthClient['fetch']>[1],
    send: () => Promise<Response>,
  ): Promise<Response> {
    const log = this.#log
    const attempt = log.start('fetch')
    const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase()
    const url = plainUrl(input instanceof Request ? input.url : input)
    const request = { method, url, startedAt: attempt.startedAt }
    try {
      const response = await send()
      log.addRequest(attempt, { ...request, durationMs: log.durationOf(attempt), status: response.status })
      log.end(attempt, response.status < 400 ? 'succeeded' : 'failed')
      return response
    } catch (cause) {
      log.addRequest(attempt, { ...request, durationMs: log.durationOf(attempt), errorCode: codeOf(cause) })
      log.end(attempt, 'failed', codeOf(cause))
      throw cause
    }
  }

  async #during<Result>(kind: AttemptKind, call: () => Promise<Result>): Promise<Result> {
    const attempt = this.#log.start(kind)
    try {
      const result = await call()
      this.#log.end(attempt, 'succeeded')
      return result
    } catch (cause) {
      this.#log.end(attempt, 'failed', codeOf(cause))
      throw cause
    }
  }
}

/** The texts of errors of others may contain anything. */
function codeOf(cause: unknown): string {
  if (cause instanceof OAuthClientError) return cause.code
  return cause instanceof Error || cause instanceof DOMException ? cause.name : 'unknown'
}
