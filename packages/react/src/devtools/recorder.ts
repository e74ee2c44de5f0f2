import { AUTHORIZATION_RESPONSE, kindOf, type Endpoints, type MessageKind } from './message-catalog.js'
import { fieldsOf, type Fields, type ProtocolMessage } from './protocol-message.js'

const MAX_MESSAGES = 200
const KEY_PREFIX = 'latchkey/devtools/'

interface Recording {
  readonly messages: readonly ProtocolMessage[]
  readonly endpoints: Endpoints
}

/** Records the requests and responses of a client, also across redirects of this tab. The recording contains no credential. */
export class Recorder {
  /** Milliseconds by which the client's clock is advanced until the next token request. */
  aheadMs = 0
  #recording: Recording
  /** The authorization response in this page's URL; recorded once this recorder is in use. */
  #pageResponse: URLSearchParams | undefined
  readonly #key: string
  /** From the options: they replace discovered ones. */
  readonly #ownEndpoints: Endpoints
  readonly #listeners = new Set<() => void>()

  /** @param clientId separates the recordings of several clients */
  constructor(clientId: string, endpoints: Endpoints = {}) {
    this.#key = KEY_PREFIX + clientId
    this.#ownEndpoints = endpoints
    const { messages = [], endpoints: known = {} } = readRecording(this.#key)
    this.#recording = { messages, endpoints: { ...known, ...endpoints } }
    this.#pageResponse = authorizationResponse()
  }

  get messages(): readonly ProtocolMessage[] {
    return this.#recording.messages
  }

  subscribe(listener: () => void): () => void {
    this.#recordPageResponse()
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  clear(): void {
    this.#save({ messages: [], endpoints: this.#recording.endpoints })
  }

  /** Records a request that the browser sends by navigation, so that this page does not see its response. */
  recordNavigation(kind: MessageKind, url: URL, sent: Iterable<readonly [string, unknown]>): void {
    this.#add({ title: kind.title, spec: kind.spec, method: 'GET', url: url.origin + url.pathname, sent: fieldsOf(sent) })
  }

  /** Sends the request, and records it and its response without changing either. */
  async send(request: Request, send: typeof fetch): Promise<Response> {
    this.#recordPageResponse()
    const url = new URL(request.url)
    const body = await formOf(request)
    const kind = kindOf(url, body, this.#recording.endpoints)
    if (kind.title.startsWith('Token request')) this.aheadMs = 0
    const startedAt = Date.now()
    // Requests to a resource contain the app's own data.
    const sent = kind.response === 'none' ? {} : fieldsOf(body ?? url.searchParams)
    const message = { title: kind.title, spec: kind.spec, method: request.method, url: url.origin + url.pathname, sent }
    try {
      const response = await send(request)
      const received = await this.#receivedFields(response, kind)
      this.#add({ ...message, status: response.status, milliseconds: Date.now() - startedAt, received })
      return response
    } catch (cause) {
      const failed = cause instanceof Error ? cause.name : 'unknown'
      this.#add({ ...message, milliseconds: Date.now() - startedAt, received: { failed } })
      throw cause
    }
  }

  async #receivedFields(response: Response, kind: MessageKind): Promise<Fields> {
    const challenge = response.headers.get('www-authenticate')
    const headers = challenge === null ? {} : { 'www-authenticate': challenge }
    const isJson = /json/i.test(response.headers.get('content-type') ?? '')
    if (kind.response === 'none' || !isJson) return headers
    const json: unknown = await response
      .clone()
      .json()
      .catch(() => undefined)
    const members = Object.entries(Object(json) as Readonly<Record<string, unknown>>)
    if (kind.title === 'Server metadata' && response.ok)
      this.#save({ ...this.#recording, endpoints: { ...Object.fromEntries(members), ...this.#ownEndpoints } })

    return { ...headers, ...fieldsOf(kind.response === 'names' ? members.map(([name]) => [name, '(not recorded)']) : members) }
  }

  #recordPageResponse(): void {
    const response = this.#pageResponse
    this.#pageResponse = undefined
    if (response) this.recordNavigation(AUTHORIZATION_RESPONSE, new URL(location.origin + location.pathname), response)
  }

  #add(message: Omit<ProtocolMessage, 'id' | 'at'>): void {
    const { messages, endpoints } = this.#recording
    const id = (messages.at(-1)?.id ?? 0) + 1
    this.#save({ endpoints, messages: [...messages, { id, at: Date.now(), ...message }].slice(-MAX_MESSAGES) })
  }

  #save(recording: Recording): void {
    this.#recording = recording
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(recording))
    } catch {
      // Storage is blocked or full: the recording ends with the page.
    }
    for (const listener of this.#listeners) listener()
  }
}

function readRecording(key: string): Partial<Recording> {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '{}') as Partial<Recording>
  } catch {
    return {}
  }
}

const RESPONSE_PARAMETERS = ['code', 'error', 'id_token', 'access_token']

/** @see RFC 6749, section 4.1.2; JARM, section 2.3 */
function authorizationResponse(): URLSearchParams | undefined {
  if (typeof location === 'undefined') return undefined
  const { search, hash } = location
  return [search, hash.slice(1)]
    .map((text) => new URLSearchParams(text))
    .find((params) => params.has('response') || (params.has('state') && RESPONSE_PARAMETERS.some((name) => params.has(name))))
}

async function formOf(request: Request): Promise<URLSearchParams | undefined> {
  const isForm = /^application\/x-www-form-urlencoded/i.test(request.headers.get('content-type') ?? '')
  return isForm ? new URLSearchParams(await request.clone().text()) : undefined
}
