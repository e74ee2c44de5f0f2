/** Names in lower case; several values are several headers. */
export type ReplyHeaders = Readonly<Record<string, string | readonly string[]>>

/**
 * A response before it is a `Response`. Adapters that can send text send it as it is: a `Response` has its body in a stream, and
 * reading that back took a tenth of a token request.
 */
export class Reply {
  /** The HTTP status. */
  readonly status: number
  /** The headers. */
  readonly headers: ReplyHeaders
  /** The body; null for none. */
  readonly body: string | null

  constructor(body: string | null, status: number, headers: ReplyHeaders) {
    this.body = body
    this.status = status
    this.headers = headers
  }
}

/** What a route may return. */
export type RouteResult = Response | Reply

/** Returns the result as a `Response`. */
export function toResponse(result: RouteResult): Response {
  if (!(result instanceof Reply)) return result
  const headers = new Headers()
  for (const [name, value] of Object.entries(result.headers)) for (const one of [value].flat()) headers.append(name, one)
  return new Response(result.body, { status: result.status, headers })
}

/** Adds headers to a result. Those of the same name are replaced, except cookies, which are all kept. */
export function withHeaders(result: RouteResult, added: Headers): RouteResult {
  const names = [...new Set(added.keys())]
  if (names.length === 0) return result
  if (result instanceof Reply) {
    const cookies = [result.headers['set-cookie'] ?? [], added.getSetCookie()].flat()
    const values = names.map((name) => [name, name === 'set-cookie' ? cookies : (added.get(name) ?? '')] as const)
    return new Reply(result.body, result.status, { ...result.headers, ...Object.fromEntries(values) })
  }
  const headers = new Headers(result.headers)
  for (const name of names) if (name !== 'set-cookie') headers.delete(name)
  for (const [name, value] of added) headers.append(name, value)
  return new Response(result.body, { status: result.status, headers })
}

/** Handles a request without making a `Response` of its result. */
export type ReplyHandler = (request: Request, env: unknown) => Promise<RouteResult>

const handlers = new WeakMap<object, ReplyHandler>()

/** Creates the `fetch` of a server. Adapters find its handler by it; a host that wraps `fetch` has no handler. */
export function fetchOf(handle: ReplyHandler): (request: Request, env?: unknown) => Promise<Response> {
  const fetch = async (request: Request, env?: unknown): Promise<Response> => toResponse(await handle(request, env))
  handlers.set(fetch, handle)
  return fetch
}

/** Returns the handler of a server, or its `fetch` if that is the host's. */
export function handlerOf({ fetch }: { readonly fetch: (request: Request, env?: unknown) => Promise<Response> }): ReplyHandler {
  return handlers.get(fetch) ?? fetch
}
