import type { IncomingMessage } from 'node:http'
import type { TokenVerifier } from '../verifier/create-token-verifier.js'
import { engineOf, verifyOnce } from '../verifier/engine.js'
import { checkRequirements, type TokenRequirements } from '../verifier/requirements.js'
import { keepToken } from './accepted-tokens.js'
import { asRequest, sourceOf } from './node-request.js'

/** The part of Fastify's request that a guard needs. */
export interface FastifyGuardRequest {
  /** Node's request. */
  readonly raw: IncomingMessage
  /** The parsed body. */
  readonly body?: unknown
}

/** The part of Fastify's reply that a guard needs. */
export interface FastifyGuardReply {
  /** Sets the status. */
  code(status: number): unknown
  /** Sets a header. */
  header(name: string, value: string): unknown
  /** Sends the body. */
  send(body: string): unknown
}

/** A hook of Fastify. */
export type FastifyHook = (request: FastifyGuardRequest, reply: FastifyGuardReply) => Promise<unknown>

/**
 * Creates a `preHandler` hook for Fastify; `onRequest`, if no token is in a form. The handler behind it finds the token by
 * `tokenOf(verifier, request)`. Throws a TypeError for requirements that are wrong.
 */
export function toFastifyGuard<Claims extends object>(
  verifier: TokenVerifier<Claims>,
  requirements: TokenRequirements = {},
): FastifyHook {
  checkRequirements(requirements)
  const engine = engineOf<never>(verifier)
  return async ({ raw, body }, reply) => {
    // Fastify has read the body, unless the hook is `onRequest`.
    const verification = await verifyOnce<Claims>(verifier, raw, () => sourceOf(raw, body ?? {}, engine), requirements)
    if (!verification.ok) return send(reply, verification.response)
    keepToken(verifier, raw, verification.token)
    for (const [name, value] of Object.entries(verification.headers)) reply.header(name, value)
    return undefined
  }
}

/** Creates an `onRequest` hook that serves the protected resource metadata. @see RFC 9728, section 3 */
export function toFastifyMetadata(verifier: Pick<TokenVerifier, 'handleMetadata'>): FastifyHook {
  return async ({ raw }, reply) => {
    const isCandidate = raw.url?.startsWith('/.well-known/') === true
    const handled = isCandidate ? verifier.handleMetadata(asRequest(raw, 'http://localhost')) : undefined
    return handled && send(reply, handled)
  }
}

async function send(reply: FastifyGuardReply, response: Response): Promise<unknown> {
  reply.code(response.status)
  for (const [name, value] of response.headers) reply.header(name, value)
  await reply.send(await response.text())
  return reply
}
