import type { TestBackend } from './test-backend.js'
import type { TestEndpoint, TestRequest } from './test-endpoint.js'
import { applyFaults, type FaultList } from './test-faults.js'
import type { TestToken } from './test-server-options.js'

/** What a test server's network consists of. */
interface NetworkParts {
  /** @returns undefined for a URL of another server */
  readonly endpoint: (url: string | URL) => TestEndpoint | undefined
  readonly faults: FaultList
  readonly load: () => Promise<TestBackend>
  readonly api?: ((request: Request, token: TestToken) => Response | Promise<Response>) | undefined
  /** For all other URLs. */
  readonly fetch?: typeof fetch | undefined
}

/** All that clients and browsers see of a test server. */
export interface TestNetwork {
  readonly requests: readonly TestRequest[]
  readonly count: (endpoint: TestEndpoint) => number
  readonly fetch: typeof fetch
  readonly navigate: (url: URL) => Promise<URL>
}

/** Creates the network in which a test server is reached. */
export function createTestNetwork(parts: NetworkParts): TestNetwork {
  const requests: TestRequest[] = []
  const send = async (request: Request, endpoint: TestEndpoint): Promise<Response> => {
    requests.push(await record(request, endpoint))
    const faults = parts.faults.take(endpoint)
    const response = await applyFaults(faults, request)
    if (response) return response
    const backend = await parts.load()
    if (endpoint === 'api') return callApi(request, backend, parts.api)
    const tampering = { forges: faults.some(({ forges }) => forges), denies: faults.some(({ denies }) => denies) }
    return backend.respond(request, endpoint, tampering)
  }
  return {
    requests,
    count: (endpoint) => requests.filter((request) => request.endpoint === endpoint).length,
    async fetch(input, init) {
      const { request, signal } = requestOf(input, init)
      const endpoint = parts.endpoint(request.url)
      if (endpoint !== undefined) return untilAborted(send(request, endpoint), signal)
      return (parts.fetch ?? refuse)(input, init)
    },
    async navigate(url) {
      let current = url
      for (;;) {
        const endpoint = parts.endpoint(current)
        // The page itself may be one of the APIs.
        if (endpoint === undefined || endpoint === 'api') return current
        current = await redirectOf(await send(new Request(current), endpoint), current)
      }
    },
  }
}

async function record(request: Request, endpoint: TestEndpoint): Promise<TestRequest> {
  const { method, url } = request
  return { endpoint, method, url, headers: new Headers(request.headers), body: await request.clone().text() }
}

async function callApi(request: Request, backend: TestBackend, api: NetworkParts['api']): Promise<Response> {
  const token = await backend.verify(request)
  if (token instanceof Response) return token
  return api ? api(request, token) : Response.json({ sub: token.sub, scope: token.scope.join(' ') })
}

/** In jsdom, `AbortSignal` is another one than that which `Request` accepts. */
function requestOf(
  input: RequestInfo | URL,
  init: RequestInit = {},
): { readonly request: Request; readonly signal?: AbortSignal | null } {
  const { signal = input instanceof Request ? input.signal : undefined, ...rest } = init
  const base = typeof document === 'undefined' ? undefined : document.baseURI
  const request = new Request(input instanceof Request ? input : new URL(input, base), rest)
  return signal === undefined ? { request } : { request, signal }
}

/** Rejects with the signal's reason as soon as it aborts, as `fetch` does. */
export function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal | null | undefined): Promise<Result> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

async function redirectOf(response: Response, url: URL): Promise<URL> {
  const location = response.headers.get('location')
  if (location !== null) return new URL(location, url)
  const text = (await response.text()).replaceAll(/<style.*?<\/style>|<[^>]*>/gs, ' ').replaceAll(/\s+/g, ' ')
  throw new TypeError(`The test server shows a page (status ${response.status}) instead of a redirect: ${text.slice(0, 300)}`)
}

function refuse(input: RequestInfo | URL): never {
  const url = input instanceof Request ? input.url : String(input)
  throw new TypeError(
    `Failed to fetch ${url}: it is not a URL of the test server. Add it to "resources", or pass a "fetch" for other URLs.`,
  )
}
