import { fieldsOfJson, fieldsOfParameters, maskedField } from './masked-fields.js'
import type { LogField, ClientKind } from './log-entry.js'
import { addEntry, completeEntry } from './network-log.js'
import { rememberEndpoints, roleOfRequest, titleOf } from './message-role.js'

/** Creates a `fetch` that records requests and responses in the network log. Passed to a client as its `fetch`. */
export function createLoggingFetch(source: ClientKind): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const startedAt = performance.now()
    const id = await recordRequest(request, source)
    const duration = (): number => Math.round(performance.now() - startedAt)
    try {
      const response = await fetch(request)
      completeEntry(id, {
        status: response.status,
        duration: duration(),
        received: await receivedFields(request, response.clone()),
      })
      return response
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error)
      completeEntry(id, { duration: duration(), failure, wasAborted: request.signal.aborted })
      throw error
    }
  }
}

/** For the app's own client. */
export const loggingFetch: typeof fetch = createLoggingFetch('app')
/** For clients of experiments. */
export const experimentFetch: typeof fetch = createLoggingFetch('experiment')

async function recordRequest(request: Request, source: ClientKind): Promise<number> {
  const url = new URL(request.url)
  const body = await formOf(request)
  const address = url.origin + url.pathname
  const role = roleOfRequest(address, body)
  const sent = [...headerFields(request), ...fieldsOfParameters(url.searchParams), ...(body ? fieldsOfParameters(body) : [])]
  return addEntry({
    ...titleOf(role, body),
    role,
    source,
    kind: 'request',
    method: request.method,
    url: address,
    sent,
    received: [],
  })
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
    return value === null ? [] : [maskedField(name, value)]
  })
}

async function receivedFields(request: Request, response: Response): Promise<readonly LogField[]> {
  const challenge = response.headers.get('www-authenticate')
  const fields = challenge ? [maskedField('WWW-Authenticate', challenge)] : []
  if (isForm(response)) return [...fields, ...fieldsOfParameters(new URLSearchParams(await response.text()))]
  if (!/[/+]json\b/.test(response.headers.get('content-type') ?? '')) return fields
  const body: unknown = await response.json().catch(() => undefined)
  if (request.url.includes('/.well-known/') && isRecord(body)) rememberEndpoints(body)
  return [...fields, ...fieldsOfJson(body)]
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
