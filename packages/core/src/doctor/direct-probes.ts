import { timeoutSignal } from '../platform/timer.js'
import { isAtAddress, responseParameters } from './is-at-address.js'
import type { Navigation, PageHeaders, ProbeRequest, Probes, Reply } from './probes.js'
import { readStart } from './read-start.js'
import { serverPageText } from './server-page-text.js'

const TIMEOUT_MS = 10_000
const MAX_REDIRECTS = 10

/** What probes outside of a page need. */
export interface DirectProbeParts {
  readonly fetch: typeof fetch
  readonly now: () => number
  /** The origin of the app. Without it, CORS is not looked at. */
  readonly origin: string | undefined
}

/** Creates probes for a process: it reads every response, and compares the CORS headers with the origin of the app itself. */
export function directProbes(parts: DirectProbeParts): Probes {
  return {
    send: (url, request) => send(parts, url, request),
    navigate: (url, redirectUri) => navigate(parts, url, redirectUri),
    now: parts.now,
  }
}

async function send(parts: DirectProbeParts, url: string, request: ProbeRequest = {}): Promise<Reply> {
  try {
    const preflight = await preflightProblem(parts, url, request)
    const { response, corsProblem } = await follow(parts, url, request)
    return {
      outcome: 'response',
      url: response.url === '' ? url : response.url,
      status: response.status,
      headers: response.headers,
      text: await readStart(response),
      corsProblem: preflight ?? corsProblem,
    }
  } catch (cause) {
    return { outcome: 'unreachable', reason: reasonOf(cause) }
  }
}

/** Each response on the way needs the headers. @see Fetch, section 4.10 */
async function follow(
  parts: DirectProbeParts,
  url: string,
  request: ProbeRequest,
): Promise<{ readonly response: Response; readonly corsProblem: string | undefined }> {
  let address = url
  let corsProblem: string | undefined
  for (let count = 0; ; count++) {
    const response = await parts.fetch(address, initOf(parts, address, request))
    corsProblem ??= problemOf(parts, address, response)
    const location = isRedirect(response) && !request.form ? response.headers.get('location') : null
    if (location === null || count >= MAX_REDIRECTS) return { response: withUrl(response, address), corsProblem }
    address = new URL(location, address).href
  }
}

function withUrl(response: Response, url: string): Response {
  return response.url === '' ? Object.defineProperty(response, 'url', { value: url }) : response
}

function initOf({ origin }: DirectProbeParts, url: string, { method = 'GET', headers, form }: ProbeRequest): RequestInit {
  const isCrossOrigin = origin !== undefined && new URL(url).origin !== origin
  return {
    method,
    headers: {
      accept: 'application/json, text/html;q=0.9, */*;q=0.8',
      ...(isCrossOrigin && { origin }),
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    },
    body: form ? new URLSearchParams(form).toString() : null,
    redirect: 'manual',
    signal: timeoutSignal(TIMEOUT_MS),
  }
}

function problemOf({ origin }: DirectProbeParts, url: string, { headers, status }: Response): string | undefined {
  if (origin === undefined || new URL(url).origin === origin) return undefined
  const allowed = headers.get('access-control-allow-origin')
  if (allowed === '*' || allowed === origin) return undefined
  if (allowed === null) return `the response with status ${status} has no header "Access-Control-Allow-Origin".`
  if (allowed.includes(','))
    return `"Access-Control-Allow-Origin" is sent more than once ("${allowed}"): by the server and by a proxy.`
  return `"Access-Control-Allow-Origin" is "${allowed}" in the response with status ${status}, and the app is at "${origin}".`
}

/** A browser first asks whether the header `Authorization` is allowed. @see Fetch, section 4.8 */
async function preflightProblem(parts: DirectProbeParts, url: string, { headers }: ProbeRequest): Promise<string | undefined> {
  const { origin } = parts
  if (headers?.['authorization'] === undefined || origin === undefined || new URL(url).origin === origin) return undefined
  const response = await parts.fetch(url, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
    redirect: 'manual',
    signal: timeoutSignal(TIMEOUT_MS),
  })
  void response.body?.cancel()
  if (!response.ok) return `the preflight request (OPTIONS) got status ${response.status}.`
  const problem = problemOf(parts, url, response)
  if (problem !== undefined) return `preflight request (OPTIONS): ${problem}`
  const allowed = (response.headers.get('access-control-allow-headers') ?? '').toLowerCase().split(/\s*,\s*/)
  // "*" does not include it.
  return allowed.includes('authorization')
    ? undefined
    : 'the response to the preflight request (OPTIONS) does not allow the header "Authorization".'
}

async function navigate({ fetch }: DirectProbeParts, url: string, redirectUri: string): Promise<Navigation> {
  const cookies = new Map<string, string>()
  const pages: PageHeaders[] = []
  let address = url
  try {
    for (let count = 0; ; count++) {
      const cookie = [...cookies].filter(([key]) => key.startsWith(`${new URL(address).origin} `)).map(([, value]) => value)
      const headers = { accept: 'text/html,*/*;q=0.8', ...(cookie.length > 0 && { cookie: cookie.join('; ') }) }
      const response = await fetch(address, { headers, redirect: 'manual', signal: timeoutSignal(TIMEOUT_MS) })
      pages.push({ url: address, headers: response.headers })
      for (const line of response.headers.getSetCookie()) noteCookie(cookies, new URL(address).origin, line)
      const location = isRedirect(response) ? response.headers.get('location') : null
      if (location === null || count >= MAX_REDIRECTS) {
        const text = serverPageText(await readStart(response), pages.map((page) => page.url).slice(1))
        return { outcome: 'page', page: { url: address, status: response.status, text }, pages }
      }
      void response.body?.cancel()
      address = new URL(location, address).href
      if (isAtAddress(address, redirectUri)) return { outcome: 'returned', parameters: responseParameters(address), pages }
    }
  } catch (cause) {
    return { outcome: 'unreachable', reason: reasonOf(cause) }
  }
}

/** Servers remember the request in a cookie on the way to their page. */
function noteCookie(cookies: Map<string, string>, origin: string, line: string): void {
  const pair = line.split(';', 1)[0]?.trim() ?? ''
  cookies.set(`${origin} ${pair.split('=', 1)[0]}`, pair)
}

function isRedirect({ status }: Response): boolean {
  return status >= 300 && status < 400
}

/** Node has the reason in the cause: `ENOTFOUND`, `ECONNREFUSED`, `CERT_HAS_EXPIRED`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason'
  const { cause } = error
  if (typeof cause === 'object' && cause !== null && 'code' in cause) return String(cause.code)
  return error.name === 'TimeoutError' ? `timeout of ${TIMEOUT_MS / 1000} s` : error.message
}
