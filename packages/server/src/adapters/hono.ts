import type { MiddlewareHandler } from 'hono'
import type { AuthorizationServer } from '../server/authorization-server.js'

/** Creates middleware for Hono on any runtime. `context.env` is passed on to the site adapter. */
export function toHonoMiddleware(server: AuthorizationServer): MiddlewareHandler {
  return async (context, next) => {
    if (!server.handles(new URL(context.req.url))) return next()
    return server.fetch(context.req.raw, context.env)
  }
}

/** Creates a handler for `Deno.serve`, `Bun.serve`, a Worker or a service worker; undefined leaves the request to the host. */
export function toFetchHandler(server: AuthorizationServer): (request: Request, env?: unknown) => Promise<Response> | undefined {
  return (request, env) => (server.handles(new URL(request.url)) ? server.fetch(request, env) : undefined)
}
