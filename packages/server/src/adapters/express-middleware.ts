import type { IncomingMessage, ServerResponse } from 'node:http'

/** Middleware of Express or Connect. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

/** Creates middleware of a guard for Node: the next handler runs only if the guard accepts the request. */
export function expressMiddleware(
  guard: (request: IncomingMessage, response: ServerResponse) => Promise<object | undefined>,
): Middleware {
  const run = async (...[request, response, next]: Parameters<Middleware>): Promise<void> => {
    try {
      if (!(await guard(request, response))) return
    } catch (error) {
      next(error)
      return
    }
    next()
  }
  return (request, response, next) => void run(request, response, next)
}
