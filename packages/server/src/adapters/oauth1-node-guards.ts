import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { OAuth1Error } from '../features/oauth1/oauth1-error.js'
import { oauth1ContextOf } from '../features/oauth1/protected-servers.js'
import { checkSize } from '../features/oauth1/read-oauth1-request.js'
import {
  checkGuardRequirements,
  type OAuth1Requirements,
  type OAuth1Verification,
  refuseOAuth1,
  verifySignedRequest,
} from '../features/oauth1/verify-oauth1-request.js'
import { readUpToLimit } from '../http/body.js'
import type { MountableServer } from '../server/authorization-server.js'
import { expressMiddleware } from './express-middleware.js'
import type { FastifyGuardRequest } from './node-guards.js'
import { asRequest } from './node-request.js'
import { type FastifyGuardReply, replyRefusal, sendRefusal } from './send-refusal.js'

/** The client that signed a request, and the user. */
export type OAuth1Access = Extract<OAuth1Verification, { readonly ok: true }>

/** What a guard requires of a signed request, and where clients reach the resource. */
export type OAuth1GuardRequirements = Omit<OAuth1Requirements, 'url'>

/** Protects a handler of `http.createServer` with OAuth 1.0a. */
export type NodeOAuth1Guard = (request: IncomingMessage, response: ServerResponse) => Promise<OAuth1Access | undefined>

/** Protects routes of Express or Connect with OAuth 1.0a. */
export type ExpressOAuth1Guard = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

/** Protects routes of Fastify with OAuth 1.0a. */
export type FastifyOAuth1Guard = (
  ...parameters: readonly [request: FastifyGuardRequest, reply: FastifyGuardReply, payload?: unknown]
) => Promise<unknown>

const accesses = new WeakMap<object, OAuth1Access>()

/**
 * Returns who has signed this request of Node, Express or Fastify, which a guard of OAuth 1.0a has accepted. Throws a TypeError without a
 * guard.
 */
export function oauth1Of(request: IncomingMessage | FastifyGuardRequest): OAuth1Access {
  const access = accesses.get('raw' in request ? request.raw : request)
  if (access) return access
  throw new TypeError('oauth1Of: no guard of OAuth 1.0a has accepted this request. Put the guard in front of this handler')
}

/**
 * Creates a guard of OAuth 1.0a for `http.createServer`. It returns who has signed the request; undefined once it has sent a refusal. A
 * body that it reads is in `request.rawBody` afterwards, and a form or JSON in `request.body` too.
 *
 * @param server created by `createOAuth1Server()`, or with the feature `oauth1()`
 */
export function toNodeOAuth1Guard(server: MountableServer, requirements: OAuth1GuardRequirements = {}): NodeOAuth1Guard {
  const verify = createVerifier(server, requirements)
  return async (request, response) => {
    const verified = await verify(request, { host: request })
    if (verified.ok) return verified
    return sendRefusal(response, verified.response)
  }
}

/**
 * Creates middleware of OAuth 1.0a for Express and Connect, before the body parsers, or after those that keep `request.rawBody`. The handler
 * behind it finds out by `oauth1Of(request)` who has signed.
 */
export function toExpressOAuth1Guard(server: MountableServer, requirements: OAuth1GuardRequirements = {}): ExpressOAuth1Guard {
  return expressMiddleware(toNodeOAuth1Guard(server, requirements))
}

/**
 * Creates a hook of OAuth 1.0a for Fastify: as `preParsing`, it has the bytes that were signed. As `preHandler`, it needs `rawBody` or a body
 * that was parsed as text. The handler finds out by `oauth1Of(request)` who has signed.
 */
export function toFastifyOAuth1Guard(server: MountableServer, requirements: OAuth1GuardRequirements = {}): FastifyOAuth1Guard {
  const verify = createVerifier(server, requirements)
  return async (...[request, reply, payload]) => {
    const stream = payload instanceof Readable ? payload : undefined
    const source: BodySource = { host: request, stream }
    const verified = await verify(request.raw, source)
    // Fastify goes on with the bytes that were read here.
    if (verified.ok) return source.read && stream ? Readable.from([source.read], { objectMode: false }) : undefined
    return replyRefusal(reply, verified.response)
  }
}

/** Where a host has the body of a request. */
interface BodySource {
  /** What has `rawBody` and `body`, if a parser ran. */
  readonly host: object
  /** What the body is read from. Default: Node's request. */
  readonly stream?: Readable | undefined
  /** What was read. */
  read?: Buffer
}

/** Throws a TypeError for an unknown requirement. */
function createVerifier(
  server: MountableServer,
  requirements: OAuth1GuardRequirements,
): (incoming: IncomingMessage, source: BodySource) => Promise<OAuth1Verification> {
  checkGuardRequirements(requirements)
  const at = oauth1ContextOf(server)
  return async (incoming, source) => {
    try {
      const readBody = async (limit: number): Promise<ArrayBuffer> => bodyOf(incoming, source, limit)
      const request = asRequest(incoming, requirements.origin)
      const verified = await verifySignedRequest({ request, readBody, env: { incoming } }, requirements, at)
      if (verified.ok) accesses.set(incoming, verified)
      return verified
    } catch (error) {
      return refuseOAuth1(error, at)
    }
  }
}

/** Returns the bytes of the body, from a parser that kept them or from the request. */
async function bodyOf(incoming: IncomingMessage, source: BodySource, limit: number): Promise<ArrayBuffer> {
  const { host, stream = incoming } = source
  const raw = asBytes(Reflect.get(host, 'rawBody')) ?? asBytes(Reflect.get(host, 'body'))
  if (raw) {
    checkSize(raw.byteLength, limit)
    return raw.buffer
  }
  if (!hasBody(incoming)) return new ArrayBuffer(0)
  if (stream.readableDidRead || stream.readableEnded) throw new TypeError(WITHOUT_RAW_BODY)
  checkSize(Number(incoming.headers['content-length'] ?? 0), limit)
  const bytes = await readUpToLimit({ body: Readable.toWeb(stream) as ReadableStream<Uint8Array<ArrayBuffer>> }, limit).catch(
    (cause: unknown) => {
      throw new OAuth1Error('invalid_request', 'the body could not be read', { cause })
    },
  )
  checkSize(bytes.byteLength, limit)
  source.read = Buffer.from(bytes)
  keep(host, incoming, source.read)
  return bytes.buffer
}

/** For the handlers: the request itself cannot be read a second time, and later body parsers leave `body` as it is. */
function keep(host: object, incoming: IncomingMessage, rawBody: Buffer): void {
  Object.assign(host, { rawBody })
  if (host !== incoming) return
  const type = incoming.headers['content-type'] ?? ''
  const text = rawBody.toString()
  if (/^application\/x-www-form-urlencoded\b/i.test(type))
    Object.assign(host, { body: Object.fromEntries(new URLSearchParams(text)) })
  else if (/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)) Object.assign(host, { body: parseJson(text) })
}

/** @throws OAuth1Error invalid_request, as a body parser would refuse it */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new OAuth1Error('invalid_request', 'the body is no JSON', { cause })
  }
}

const WITHOUT_RAW_BODY =
  'oauth1: a body parser has read the body before the guard, and the bytes that were signed are lost. Put the guard before the body parser, ' +
  'or keep them: express.urlencoded({ verify: (request, _, bytes) => { request.rawBody = bytes } }); in Fastify use the hook as "preParsing"'

/** @see RFC 9112, section 6.3 */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function asBytes(body: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (typeof body === 'string') return new TextEncoder().encode(body)
  return body instanceof Uint8Array ? new Uint8Array(body) : undefined
}
