import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { OAuthError } from '../http/oauth-error.js'
import { toResponse } from '../http/reply.js'
import { readForm } from '../http/body.js'
import {
  challenge,
  checkRequirements,
  verifyRequest,
  type ResourceRequirements,
  type Verification,
} from '../resource/verify-request.js'
import { warnOfUnknownScope } from '../options/warn-of-unknown-names.js'
import type { AuthorizationServer } from '../server/authorization-server.js'
import { contextOf } from '../server/context-of.js'
import type { AccessTokenRecord } from '../storage/access-token-store.js'
import { expressMiddleware } from './express-middleware.js'
import { asRequest } from './node-request.js'
import { type FastifyGuardReply, replyRefusal, sendRefusal } from './send-refusal.js'

/** What a guard requires of a token. */
export type GuardRequirements = ResourceRequirements

/** Protects a handler of `http.createServer`. */
export type NodeGuard = (request: IncomingMessage, response: ServerResponse) => Promise<AccessTokenRecord | undefined>

/** Protects routes of Express or Connect. */
export type ExpressGuard = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

/** The part of Fastify's request that a guard needs. */
export interface FastifyGuardRequest {
  /** Node's request. */
  readonly raw: IncomingMessage
  /** The parsed body. */
  readonly body?: unknown
}
/** Protects routes of Fastify. */
export type FastifyGuard = (request: FastifyGuardRequest, reply: FastifyGuardReply) => Promise<unknown>

const tokens = new WeakMap<object, AccessTokenRecord>()

/** Returns the record of the token that a guard has accepted with this request of Node, Express or Fastify. Throws a TypeError without a guard. */
export function tokenOf(request: IncomingMessage | FastifyGuardRequest): AccessTokenRecord {
  const token = tokens.get('raw' in request ? request.raw : request)
  if (token) return token
  throw new TypeError('tokenOf: no guard has accepted this request. Put the guard in front of this handler')
}

/**
 * Creates a guard for `http.createServer`. It returns the token's record; undefined once it has sent the response of RFC 6750. A form
 * that it reads for its token is in `request.body` afterwards.
 */
export function toNodeGuard(server: AuthorizationServer, requirements: GuardRequirements = {}): NodeGuard {
  const verify = createVerifier(server, requirements)
  return async (request, response) => {
    const verification = await verify(request, bodyOf(request)).catch((error: unknown) => serverError(error, server))
    if (verification.ok) return accept(request, verification, (name, value) => void response.setHeader(name, value))
    return sendRefusal(response, verification.response)
  }
}

/** Creates middleware for Express and Connect, before or after body parsers. The handler behind it finds the record by `tokenOf(request)`. */
export function toExpressGuard(server: AuthorizationServer, requirements: GuardRequirements = {}): ExpressGuard {
  return expressMiddleware(toNodeGuard(server, requirements))
}

/** Creates a `preHandler` hook for Fastify. The handler behind it finds the record by `tokenOf(request)`. */
export function toFastifyGuard(server: AuthorizationServer, requirements: GuardRequirements = {}): FastifyGuard {
  const verify = createVerifier(server, requirements)
  return async (request, reply) => {
    const verification = await verify(request.raw, request.body ?? {}).catch((error: unknown) => serverError(error, server))
    if (verification.ok) {
      accept(request.raw, verification, (name, value) => void reply.header(name, value))
      return undefined
    }
    return replyRefusal(reply, verification.response)
  }
}

type Verify = (request: IncomingMessage, body: unknown) => Promise<Verification>

/** Throws a TypeError for an unknown requirement. */
function createVerifier(server: AuthorizationServer, requirements: GuardRequirements): Verify {
  const { origin } = requirements
  checkRequirements(requirements)
  const context = contextOf(server)
  warnOfUnknownScope(requirements.scope, context)
  return async (incoming, body) => {
    // For the challenge to a request that has no valid URL.
    let request = new Request(context.issuer)
    const hasBody = requirements.places?.includes('body') ?? true
    try {
      request = asRequest(incoming, origin)
      const form = hasBody ? await formOf(incoming, { body, request }) : undefined
      return await verifyRequest({ request, form, hasSentHost: true }, requirements, context)
    } catch (error) {
      // The URL, the method or the form was refused.
      if (error instanceof OAuthError)
        return { ok: false, response: toResponse(challenge(error, { scope: requirements.scope, request }, context)) }
      throw error
    }
  }
}

/** The store failed: the host's error handlers know nothing about tokens. */
function serverError(error: unknown, server: AuthorizationServer): Verification {
  contextOf(server).hooks.onError?.(error)
  return {
    ok: false,
    response: Response.json({ error: 'server_error' }, { status: 500, headers: { 'cache-control': 'no-store' } }),
  }
}

function accept(
  request: IncomingMessage,
  { token, place }: Verification & { readonly ok: true },
  setHeader: (name: string, value: string) => void,
): AccessTokenRecord {
  tokens.set(request, token)
  // RFC 6750, section 2.3: shared caches would serve the response to others.
  if (place === 'query') setHeader('cache-control', 'private')
  return token
}

function bodyOf(incoming: IncomingMessage): unknown {
  return 'body' in incoming ? incoming.body : undefined
}

/** Returns the parameters of a form: parsed by the host, or read here if the request has no other token. */
async function formOf(
  incoming: IncomingMessage,
  { body, request }: { readonly body: unknown; readonly request: Request },
): Promise<URLSearchParams> {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers.get('content-type') ?? '')
  if (!isForm || request.method === 'GET' || request.method === 'HEAD') return new URLSearchParams()
  if (body !== undefined && body !== null) return asForm(body)
  const hasToken = request.headers.has('authorization') || new URL(request.url).searchParams.has('access_token')
  if (hasToken || incoming.readableEnded || incoming.readableFlowing === true) return new URLSearchParams()
  const init = { method: 'POST', headers: request.headers, body: Readable.toWeb(incoming), duplex: 'half' }
  const form = await readForm(new Request(request.url, init as RequestInit))
  Object.assign(incoming, { body: Object.fromEntries(form) })
  return form
}

function asForm(body: unknown): URLSearchParams {
  if (typeof body === 'string' || body instanceof URLSearchParams) return new URLSearchParams(body)
  if (typeof body !== 'object' || body === null) return new URLSearchParams()
  const values: readonly unknown[] = 'access_token' in body ? [body.access_token].flat() : []
  return new URLSearchParams(values.filter((value) => typeof value === 'string').map((value) => ['access_token', value]))
}
