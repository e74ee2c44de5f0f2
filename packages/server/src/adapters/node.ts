import { getRequestListener } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { handlerOf, Reply, type ReplyHandler } from '../http/reply.js'
import { hasOtherSpelling, isPlainHost, isPlainTarget } from '../http/request-target.js'
import type { MountableServer } from '../server/authorization-server.js'
import { receiveRequest } from './receive-request.js'

/** A handler for `http.createServer`. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** A handler that passes on other requests: Express, Connect, Vite. */
export type NodeMiddleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

/**
 * Creates a handler for `http.createServer`; other paths get 404. The site adapter finds Node's request and response in `env`, as
 * `{ incoming, outgoing }`; the results of Express middleware are on `incoming`.
 */
export function toNodeHandler(server: Pick<MountableServer, 'fetch'>): NodeHandler {
  const handle = handlerOf(server)
  const respond = createListener(handle)
  return async (incoming, outgoing) => {
    const host = incoming.headers.host ?? incoming.headers[':authority'] ?? ''
    if (hasOtherSpelling({ incoming })) return void outgoing.writeHead(404).end()
    if (typeof host !== 'string' || !isPlainHost(host)) return void outgoing.writeHead(400).end()
    // A host that wraps `fetch` gets a request with a stream.
    const received = handle === server.fetch ? undefined : receiveRequest(incoming, outgoing)
    if (!received) return respond(incoming, outgoing)
    const request = await received
    if (!request) return
    try {
      const result = await handle(request, { incoming, outgoing })
      if (result instanceof Reply) send(result, outgoing)
      else await createListener(() => Promise.resolve(result))(incoming, outgoing)
    } catch (error) {
      // The host may have sent a response meanwhile. `http.createServer` does not wait for its handler: a rejection would end the process.
      await createListener(() => Promise.reject(error))(incoming, outgoing)
    }
  }
}

/** Handles requests that need a stream, and sends responses that have one. */
function createListener(handle: ReplyHandler): NodeHandler {
  return getRequestListener(
    async (request, env) => {
      const result = await handle(request, env)
      if (!(result instanceof Reply)) return result
      send(result, env.outgoing as ServerResponse)
      return RESPONSE_ALREADY_SENT
    },
    { overrideGlobalObjects: false },
  )
}

function send({ status, headers, body }: Reply, outgoing: ServerResponse): void {
  const all: Record<string, string | string[]> = {}
  for (const name in headers) {
    const value = headers[name] ?? ''
    all[name] = typeof value === 'string' ? value : [...value]
  }
  if (body === null) {
    outgoing.writeHead(status, all).end()
    return
  }
  all['content-length'] = String(Buffer.byteLength(body))
  outgoing.writeHead(status, all).end(body)
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
