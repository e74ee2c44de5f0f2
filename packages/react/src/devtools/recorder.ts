import type { ClientOptions } from '@latchkey/core'
import { applyFaults } from '../testing/test-faults.js'
import { untilAborted } from '../testing/test-network.js'
import { IdTokenWatch, type ReceivedIdToken } from './id-token-watch.js'
import { AUTHORIZATION_RESPONSE, kindOf, phaseOf, type MessageKind } from './message-catalog.js'
import { pageResponse } from './page-response.js'
import { fieldsOf, headerFields, type Fields, type ProtocolMessage } from './protocol-message.js'
import { publicKeys, readRecording, writeRecording, type Recording } from './recording.js'
import { ActiveSimulations, withWrongSignature } from './simulations.js'

const MAX_MESSAGES = 200
const KEY_PREFIX = 'latchkey/devtools/'

/** Records the requests and responses of a client, also across redirects of this tab. The recording contains no credential. */
export class Recorder {
  /** Milliseconds by which the client's clock is advanced until the next token request. */
  aheadMs = 0
  readonly idTokens: IdTokenWatch
  readonly #simulations: ActiveSimulations
  #recording: Recording
  /** The authorization response in this page's URL; recorded once this recorder is in use. */
  #pageResponse: URLSearchParams | undefined
  readonly #key: string
  readonly #options: ClientOptions<unknown>
  readonly #listeners = new Set<() => void>()
  /** Whether the doctor sends requests with this client. */
  #isExamining = false

  /** @param options their `server` replaces discovered endpoints; `clientId` and `name` separate the recordings of several clients */
  constructor(options: ClientOptions<unknown>) {
    const { clientId, name, server } = options
    this.#options = options
    this.#key = KEY_PREFIX + [clientId, ...(name === undefined ? [] : [name])].join('/')
    const known = readRecording(this.#key)
    this.#recording = { ...known, endpoints: { ...known.endpoints, ...server } }
    this.#simulations = new ActiveSimulations(known.simulations)
    this.#pageResponse = pageResponse()
    this.idTokens = new IdTokenWatch(options, {
      recording: () => this.#recording,
      save: (change) => this.#save(change),
      now: () => this.now(),
    })
  }

  get messages(): readonly ProtocolMessage[] {
    return this.#recording.messages
  }

  /** Ids of the simulations that are on. */
  get simulations(): readonly string[] {
    return this.#recording.simulations
  }

  /** Returns the client's time in milliseconds. */
  now(): number {
    return (this.#options.now?.() ?? Date.now()) + this.aheadMs
  }

  subscribe(listener: () => void): () => void {
    this.#recordPageResponse()
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  clear(): void {
    this.#save({ messages: [] })
  }

  toggleSimulation(id: string): void {
    this.#simulations.toggle(id)
    this.#save({ simulations: this.#simulations.ids })
  }

  /** Marks the messages of an examination by the doctor. */
  async examine<Result>(examination: () => Promise<Result>): Promise<Result> {
    this.#isExamining = true
    return examination().finally(() => (this.#isExamining = false))
  }

  /** Records a request that the browser sends by navigation, so that this page does not see its response. @returns its id */
  recordNavigation(kind: MessageKind, url: URL, sent: Iterable<readonly [string, unknown]>): number {
    const { title, spec } = kind
    return this.#add({ title, spec, method: 'GET', url: url.origin + url.pathname, sent: fieldsOf(sent) })
  }

  /** Sends the request, and records it and its response. Only simulations change them. */
  async send(request: Request, send: typeof fetch): Promise<Response> {
    this.#recordPageResponse()
    const url = new URL(request.url)
    const body = await formOf(request)
    const kind = kindOf(url, body, this.#recording.endpoints)
    const phase = phaseOf(kind.title)
    if (kind.endpoint === 'token') this.aheadMs = 0
    if (phase === 'pushed' && body) await this.idTokens.noteRequest(body)
    const startedAt = Date.now()
    const message = describe(request, { url, body, kind })
    try {
      const response = await this.#respond(request, kind, send)
      const json = await jsonOf(response, kind)
      if (response.ok) this.#learn(kind, json)
      const received = receivedFields(response, kind, json)
      const id = this.#add({ ...message, status: response.status, milliseconds: Date.now() - startedAt, received })
      if (kind.endpoint === 'token' && response.ok) this.#checkIdToken(id, json, body)
      return response
    } catch (cause) {
      const failed = cause instanceof Error ? cause.name : 'unknown'
      this.#add({ ...message, milliseconds: Date.now() - startedAt, received: { failed } })
      throw cause
    }
  }

  async #respond(request: Request, { endpoint = 'other' }: MessageKind, send: typeof fetch): Promise<Response> {
    const faults = this.#simulations.take(endpoint)
    if (faults.length === 0) return send(request)
    const response = (await untilAborted(applyFaults(faults, request), request.signal)) ?? (await send(request))
    return faults.some(({ forges }) => forges) ? withWrongSignature(response) : response
  }

  #checkIdToken(message: number, json: unknown, form?: URLSearchParams): void {
    const { id_token: idToken, access_token: accessToken } = Object(json) as ReceivedIdToken
    if (typeof idToken !== 'string') return
    const code = form?.get('code') ?? undefined
    const isRefresh = form?.get('grant_type') === 'refresh_token'
    void this.idTokens.check(message, { idToken, accessToken, code, isRefresh })
  }

  /** Endpoints from the metadata, and keys. */
  #learn({ endpoint }: MessageKind, json: unknown): void {
    if (endpoint === 'metadata') this.#save({ endpoints: { ...Object(json), ...this.#options.server } as Recording['endpoints'] })
    const keys = endpoint === 'jwks' ? publicKeys(json) : undefined
    if (!keys) return
    this.#save({ keys })
    void this.idTokens.checkAgain()
  }

  #recordPageResponse(): void {
    const response = this.#pageResponse
    this.#pageResponse = undefined
    if (!response) return
    const id = this.recordNavigation(AUTHORIZATION_RESPONSE, new URL(location.origin + location.pathname), response)
    const [idToken, accessToken, code] = ['id_token', 'access_token', 'code'].map((name) => response.get(name) ?? undefined)
    if (idToken !== undefined)
      void this.idTokens.check(id, { idToken, accessToken, code, state: response.get('state') ?? undefined })
  }

  #add(message: Omit<ProtocolMessage, 'id' | 'at'>): number {
    const { messages } = this.#recording
    const id = (messages.at(-1)?.id ?? 0) + 1
    const added = { id, at: Date.now(), ...message, ...(this.#isExamining && { isProbe: true }) }
    this.#save({ messages: [...messages, added].slice(-MAX_MESSAGES) })
    return id
  }

  #save(change: Partial<Recording>): void {
    this.#recording = { ...this.#recording, ...change }
    writeRecording(this.#key, this.#recording)
    for (const listener of this.#listeners) listener()
  }
}

interface Sent {
  readonly url: URL
  readonly body: URLSearchParams | undefined
  readonly kind: MessageKind
}

function describe(request: Request, { url, body, kind }: Sent): Omit<ProtocolMessage, 'id' | 'at'> {
  const { title, spec, response } = kind
  return {
    title,
    spec,
    method: request.method,
    url: url.origin + url.pathname,
    // Requests to a resource contain the app's own data.
    sent: response === 'none' ? {} : fieldsOf(body ?? url.searchParams),
    headers: headerFields(request.headers),
    isForm: body !== undefined,
  }
}

async function jsonOf(response: Response, kind: MessageKind): Promise<unknown> {
  const isJson = /json/i.test(response.headers.get('content-type') ?? '')
  if (kind.response === 'none' || !isJson) return undefined
  return response
    .clone()
    .json()
    .catch(() => undefined)
}

function receivedFields({ headers }: Response, kind: MessageKind, json: unknown): Fields {
  const shown = ['www-authenticate', 'retry-after'].flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  const members = Object.entries(Object(json) as Readonly<Record<string, unknown>>)
  const fields = kind.response === 'names' ? members.map(([name]) => [name, '(not recorded)'] as const) : members
  return { ...Object.fromEntries(shown), ...fieldsOf(fields) }
}

async function formOf(request: Request): Promise<URLSearchParams | undefined> {
  const isForm = /^application\/x-www-form-urlencoded/i.test(request.headers.get('content-type') ?? '')
  return isForm ? new URLSearchParams(await request.clone().text()) : undefined
}
