import { getRequestListener } from '@hono/node-server'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { hasOtherSpelling, isPlainTarget } from '../http/request-target.js'
import type { MountableServer } from '../server/authorization-server.js'

/** A handler for `http.createServer`. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** A handler that passes on other requests: Express, Connect, Vite. */
export type NodeMiddleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

/**
 * Creates a handler for `http.createServer`; other paths get 404. The site adapter finds Node's request and response in `env`, as
 * `{ incoming, outgoing }`; the results of Express middleware are on `incoming`.
 */
export function toNodeHandler(server: Pick<MountableServer, 'fetch'>): NodeHandler {
  const listener = getRequestListener((request, env) => server.fetch(request, env), { overrideGlobalObjects: false })
  return async (request, response) => {
    if (hasOtherSpelling({ incoming: request })) response.writeHead(404).end()
    else await listener(request, response)
  }
}

/** Creates middleware for Express, Connect and Vite, mounted at the root or at the issuer's path, before any body parser. */
export function toNodeMiddleware(server: MountableServer): NodeMiddleware {
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

/** Express and Connect remove the path that the middleware is mounted at from `url`, and keep the whole URL in `originalUrl`. */
function originalUrl(request: IncomingMessage): string | undefined {
  return 'originalUrl' in request && typeof request.originalUrl === 'string' ? request.originalUrl : undefined
}

/** The part of Fastify's request that is needed. */
export interface FastifyRequestLike {
  /** Node's request. */
  readonly raw: IncomingMessage
}
/** The part of Fastify's reply that is needed. */
export interface FastifyReplyLike {
  /** Node's response. */
  readonly raw: ServerResponse
  /** Leaves the response to the hook. */
  hijack(): unknown
}

/** Creates a hook for `fastify.addHook('onRequest', …)`, which runs before bodies are read. */
export function toFastifyHook(server: MountableServer): (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<void> {
  const handle = toNodeHandler(server)
  return async ({ raw }, reply) => {
    if (!isHandled(server, raw.url)) return
    reply.hijack()
    await handle(raw, reply.raw)
  }
}

/** Other spellings of a path are the app's. Ignores the host: behind a proxy it is not the issuer's. */
function isHandled(server: MountableServer, url: string | undefined): boolean {
  return url !== undefined && isPlainTarget(url) && server.handles(new URL(url, server.issuer))
}
