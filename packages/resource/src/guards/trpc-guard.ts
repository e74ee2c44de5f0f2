import { TRPCError } from '@trpc/server'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TokenVerifier } from '../verifier/create-token-verifier.js'
import { engineOf, verifyOnce, type Engine, type RequestSource } from '../verifier/engine.js'
import { checkRequirements, type TokenRequirements } from '../verifier/requirements.js'
import type { VerifiedToken } from '../verifier/verified-token.js'
import { sourceOf } from './node-request.js'

/** What the guard needs of the context: `createContext: ({ req, resHeaders }) => ({ req, resHeaders })`, or `({ req, res })` in Node. */
export interface TrpcGuardContext {
  /** The request of the adapter. */
  readonly req: Request | IncomingMessage
  /** The headers of the response, of the fetch adapter: they get the challenge. */
  readonly resHeaders?: Headers | undefined
  /** The response, of Node adapters: its headers get the challenge. */
  readonly res?: Pick<ServerResponse, 'setHeader' | 'headersSent'> | undefined
}

/** What the procedures behind the guard find in their context. */
export interface TrpcGuardResult<Claims extends object> {
  readonly token: VerifiedToken<Claims>
}

/** Checks a request of tRPC. */
export type TrpcGuard<Claims extends object> = (context: TrpcGuardContext) => Promise<TrpcGuardResult<Claims>>

const CODES = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  413: 'PAYLOAD_TOO_LARGE',
  503: 'SERVICE_UNAVAILABLE',
} as const

/**
 * Creates a guard for a middleware of tRPC: `t.procedure.use(async ({ ctx, next }) => next({ ctx: await guard(ctx) }))`. The procedures
 * behind it have `ctx.token`. A batch of procedures uses one DPoP proof.
 *
 * The guard throws a TRPCError with the code `UNAUTHORIZED` or `FORBIDDEN`, the ResourceError in its `cause`, and sets the challenge in the
 * headers of the response. Throws a TypeError for requirements that are wrong.
 */
export function toTrpcGuard<Claims extends object>(
  verifier: TokenVerifier<Claims>,
  requirements: TokenRequirements = {},
): TrpcGuard<Claims> {
  checkRequirements(requirements)
  const engine = engineOf<never>(verifier)
  return async ({ req, res, resHeaders }) => {
    const verification = await verifyOnce<Claims>(verifier, req, () => requestOf(req, engine), requirements)
    const headers = verification.ok ? Object.entries(verification.headers) : verification.response.headers
    for (const [name, value] of headers) {
      // The body is tRPC's.
      if (name === 'content-type') continue
      resHeaders?.set(name, value)
      if (res && !res.headersSent) res.setHeader(name, value)
    }
    if (verification.ok) return { token: verification.token }
    const { error } = verification
    const code = CODES[error.status as keyof typeof CODES] ?? 'INTERNAL_SERVER_ERROR'
    throw new TRPCError({ code, message: error.description, cause: error })
  }
}

/** A procedure's body is JSON, so it has no token. */
async function requestOf(req: Request | IncomingMessage, engine: Engine<never>): Promise<RequestSource> {
  return req instanceof Request ? { request: req } : sourceOf(req, {}, engine)
}
