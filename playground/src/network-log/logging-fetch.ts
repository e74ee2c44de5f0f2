import type { Alteration } from '../faults/alteration.js'
import { fieldsOfJson, fieldsOfParameters, markChanges, maskedField, maskedHeader, placed } from './masked-fields.js'
import type { ClientKind, LogField, MessageRole } from './log-entry.js'
import { addEntry, completeEntry } from './network-log.js'
import { rememberEndpoints, roleOfRequest, titleOf } from './message-role.js'

/**
 * Creates a `fetch` that records requests and responses in the network log. Passed to a client as its `fetch`.
 *
 * @param alteration a simulated fault: the log shows what the app receives, and marks what was changed
 * @param network sends the requests; default: the browser
 */
export function createLoggingFetch(source: ClientKind, alteration?: Alteration, network?: typeof fetch): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const startedAt = performance.now()
    const { id, role } = await recordRequest(request, source)
    const applied = alteration?.role === role || alteration?.role === 'any' ? alteration : undefined
    const duration = (): number => Math.round(performance.now() - startedAt)
    try {
      const { response, ...seen } = await send(request, applied, network ?? fetch)
      completeEntry(id, { status: response.status, duration: duration(), ...seen })
      return response
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error)
      completeEntry(id, { duration: duration(), failure, wasAborted: request.signal.aborted, alteration: applied?.note })
      throw error
    }
  }
}

/** For the app's own client. */
export const loggingFetch: typeof fetch = createLoggingFetch('app')
/** For clients of experiments. */
export const experimentFetch: typeof fetch = createLoggingFetch('experiment')

interface Sent {
  readonly response: Response
  readonly received: readonly LogField[]
  readonly alteration?: string | undefined
}

async function send(request: Request, alteration: Alteration | undefined, network: typeof fetch): Promise<Sent> {
  if (!alteration?.respond) {
    const response = await network(request)
    return { response, received: await receivedFields(request, response.clone()) }
  }
  let original: readonly LogField[] = []
  const response = await alteration.respond(request, async (sent) => {
    const unchanged = await network(sent.clone())
    original = await receivedFields(request, unchanged.clone())
    return unchanged
  })
  const received = markChanges(original, await receivedFields(request, response.clone()))
  return { response, received, alteration: alteration.note }
}

async function recordRequest(request: Request, source: ClientKind): Promise<{ readonly id: number; readonly role: MessageRole }> {
  const url = new URL(request.url)
  const form = await formOf(request)
  const json = isJson(request) ? fieldsOfJson(await request.clone().json()) : []
  const body = placed('body', form ? fieldsOfParameters(form) : json)
  const address = url.origin + url.pathname
  const role = roleOfRequest(address, form)
  const id = addEntry({
    ...titleOf(role, form),
    role,
    source,
    kind: 'request',
    method: request.method,
    url: address,
    bodyType: form ? 'form' : json.length > 0 ? 'json' : undefined,
    sent: [...headerFields(request), ...placed('query', fieldsOfParameters(url.searchParams)), ...body],
    received: [],
  })
  return { id, role }
}

async function formOf(request: Request): Promise<URLSearchParams | undefined> {
  return isForm(request) ? new URLSearchParams(await request.clone().text()) : undefined
}

/** Responses of OAuth 1.0a are forms as well. */
function isForm({ headers }: Request | Response): boolean {
  return headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') ?? false
}

function headerFields(request: Request): readonly LogField[] {
  return ['Authorization', 'DPoP'].flatMap((name) => {
    const value = request.headers.get(name)
    return value === null ? [] : placed('header', [maskedHeader(name, value)])
  })
}

async function receivedFields(request: Request, response: Response): Promise<readonly LogField[]> {
  return [...receivedHeaders(response), ...placed('body', await receivedBody(request, response))]
}

function receivedHeaders({ headers }: Response): readonly LogField[] {
  return ['WWW-Authenticate', 'Retry-After'].flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : placed('header', [maskedField(name, value)])
  })
}

async function receivedBody(request: Request, response: Response): Promise<readonly LogField[]> {
  if (isForm(response)) return fieldsOfParameters(new URLSearchParams(await response.text()))
  if (!isJson(response)) return []
  const body: unknown = await response.json().catch(() => undefined)
  if (request.url.includes('/.well-known/') && isRecord(body)) rememberEndpoints(body)
  return fieldsOfJson(body)
}

function isJson({ headers }: Request | Response): boolean {
  return /[/+]json\b/.test(headers.get('content-type') ?? '')
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
