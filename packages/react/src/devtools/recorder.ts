import { AUTHORIZATION_RESPONSE, kindOf, type Endpoints, type Kind } from './message-catalog.js'
import { fieldsOf, type Fields, type ProtocolMessage } from './protocol-message.js'

const MOST = 200
const AREA = 'latchkey/devtools/'

interface Stored {
  readonly messages: readonly ProtocolMessage[]
  readonly endpoints: Endpoints
}

/** Writes down what a client sends and gets, over redirects of this tab too. What it keeps has no credential in it. */
export class Recorder {
  /** Milliseconds that the client's clock is ahead, until the next token request: its token has expired. */
  aheadMs = 0
  #stored: Stored
  /** The response this page was opened with; written down once this recorder turns out to be in use. */
  #arrival: URLSearchParams | undefined
  readonly #key: string
  readonly #listeners = new Set<() => void>()

  /** @param clientId keeps the records of several clients apart */
  constructor(clientId: string, endpoints: Endpoints = {}) {
    this.#key = AREA + clientId
    const { messages = [], endpoints: known = {} } = readStored(this.#key)
    this.#stored = { messages, endpoints: { ...known, ...endpoints } }
    this.#arrival = authorizationResponse()
  }

  get messages(): readonly ProtocolMessage[] {
    return this.#stored.messages
  }

  subscribe(listener: () => void): () => void {
    this.#noteArrival()
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  clear(): void {
    this.#store({ messages: [], endpoints: this.#stored.endpoints })
  }

  /** A message that this page does not see the answer of: the browser goes there itself. */
  note(kind: Kind, url: URL, sent: Iterable<readonly [string, unknown]>): void {
    this.#add({ title: kind.title, spec: kind.spec, method: 'GET', url: url.origin + url.pathname, sent: fieldsOf(sent) })
  }

  /** Sends the request and writes both down; neither is changed. */
  async exchange(request: Request, send: typeof fetch): Promise<Response> {
    this.#noteArrival()
    const url = new URL(request.url)
    const body = await formOf(request)
    const kind = kindOf(url, body, this.#stored.endpoints)
    if (kind.title.startsWith('Token request')) this.aheadMs = 0
    const began = Date.now()
    // What goes to a resource is the app's own.
    const sent = kind.answer === 'none' ? {} : fieldsOf(body ?? url.searchParams)
    const facts = { title: kind.title, spec: kind.spec, method: request.method, url: url.origin + url.pathname, sent }
    try {
      const response = await send(request)
      const received = await this.#receive(response, kind)
      this.#add({ ...facts, status: response.status, milliseconds: Date.now() - began, received })
      return response
    } catch (cause) {
      this.#add({
        ...facts,
        milliseconds: Date.now() - began,
        received: { failed: cause instanceof Error ? cause.name : 'unknown' },
      })
      throw cause
    }
  }

  async #receive(response: Response, kind: Kind): Promise<Fields> {
    const challenge = response.headers.get('www-authenticate')
    const headers = challenge === null ? {} : { 'www-authenticate': challenge }
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    if (kind.answer === 'none' || !isJson) return headers
    const json: unknown = await response
      .clone()
      .json()
      .catch(() => undefined)
    const members = Object.entries(Object(json) as Readonly<Record<string, unknown>>)
    if (kind.title === 'Server metadata' && response.ok) this.#store({ ...this.#stored, endpoints: Object.fromEntries(members) })
    return { ...headers, ...fieldsOf(kind.answer === 'names' ? members.map(([name]) => [name, '(not recorded)']) : members) }
  }

  #noteArrival(): void {
    const response = this.#arrival
    this.#arrival = undefined
    if (response) this.note(AUTHORIZATION_RESPONSE, new URL(location.origin + location.pathname), response)
  }

  #add(message: Omit<ProtocolMessage, 'id' | 'at'>): void {
    const { messages, endpoints } = this.#stored
    const id = (messages.at(-1)?.id ?? 0) + 1
    this.#store({ endpoints, messages: [...messages, { id, at: Date.now(), ...message }].slice(-MOST) })
  }

  #store(stored: Stored): void {
    this.#stored = stored
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(stored))
    } catch {
      // Storage that is blocked or full: the record then ends with the page.
    }
    for (const listener of this.#listeners) listener()
  }
}

function readStored(key: string): Partial<Stored> {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '{}') as Partial<Stored>
  } catch {
    return {}
  }
}

const ANSWERS = ['code', 'error', 'id_token', 'access_token']

/** @see RFC 6749, section 4.1.2; JARM, section 2.3 */
function authorizationResponse(): URLSearchParams | undefined {
  if (typeof location === 'undefined') return undefined
  const { search, hash } = location
  return [search, hash.slice(1)]
    .map((text) => new URLSearchParams(text))
    .find((params) => params.has('response') || (params.has('state') && ANSWERS.some((name) => params.has(name))))
}

async function formOf(request: Request): Promise<URLSearchParams | undefined> {
  const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') ?? false
  return isForm ? new URLSearchParams(await request.clone().text()) : undefined
}
