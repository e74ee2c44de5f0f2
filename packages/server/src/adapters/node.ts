import { getRequestListener } from '@hono/node-server'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AuthorizationServer } from '../server/create-server.js'

/** A handler for `http.createServer`. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** A handler that hands on what is not its own: Express, Connect, Vite. */
export type NodeMiddleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

/**
 * @returns a handler for `http.createServer`: what is not the server's own is answered with 404. The site adapter finds Node's own
 * request and response in `env`, as `{ incoming, outgoing }`; Express puts what its middleware found out onto `incoming`.
 */
export function toNodeHandler(server: AuthorizationServer): NodeHandler {
  const listener = getRequestListener((request, env) => server.fetch(request, env), { overrideGlobalObjects: false })
  return async (request, response) => {
    await listener(request, response)
  }
}

/** @returns middleware for Express, Connect and Vite, mounted at the root or at the issuer's path. Put it in front of anything that reads bodies. */
export function toNodeMiddleware(server: AuthorizationServer): NodeMiddleware {
  const handle = toNodeHandler(server)
  return (request, response, next) => {
    const url = [originalUrl(request), request.url].find((candidate) => isHandled(server, candidate))
    if (url === undefined) {
      next()
      return
    }
    request.url = url
    const fail = (error: unknown): void => next(error)
    handle(request, response).catch(fail)
  }
}

/** Where the middleware is mounted under a path, Express and Connect take that off the URL, and keep the whole one beside it. */
function originalUrl(request: IncomingMessage): string | undefined {
  return 'originalUrl' in request && typeof request.originalUrl === 'string' ? request.originalUrl : undefined
}

/** What of Fastify's request and reply is needed. */
export interface FastifyRequestLike {
  readonly raw: IncomingMessage
}
export interface FastifyReplyLike {
  readonly raw: ServerResponse
  hijack(): unknown
}

/** @returns a hook for `fastify.addHook('onRequest', …)`, which runs before bodies are read */
export function toFastifyHook(
  server: AuthorizationServer,
): (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<void> {
  const handle = toNodeHandler(server)
  return async ({ raw }, reply) => {
    if (!isHandled(server, raw.url)) return
    reply.hijack()
    await handle(raw, reply.raw)
  }
}

/** The issuer's host is not looked at: behind a proxy it is another one. */
function isHandled(server: AuthorizationServer, url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url, server.issuer) && server.handles(new URL(url, server.issuer))
}
