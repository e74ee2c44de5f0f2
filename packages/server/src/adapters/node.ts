import { getRequestListener } from '@hono/node-server'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AuthorizationServer } from '../authorization-server.js'

/** A handler for `http.createServer`. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** A handler that hands on what is not its own: Express, Connect, Vite. */
export type NodeMiddleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

/** @returns a handler for `http.createServer`: what is not the server's own is answered with 404 */
export function toNodeHandler(server: AuthorizationServer): NodeHandler {
  const listener = getRequestListener((request) => server.fetch(request), { overrideGlobalObjects: false })
  return async (request, response) => {
    await listener(request, response)
  }
}

/** @returns middleware for Express, Connect and Vite. Put it in front of anything that reads bodies. */
export function toNodeMiddleware(server: AuthorizationServer): NodeMiddleware {
  const handle = toNodeHandler(server)
  return (request, response, next) => {
    if (!isHandled(server, request.url)) {
      next()
      return
    }
    const fail = (error: unknown): void => next(error)
    handle(request, response).catch(fail)
  }
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
