import type { HonoRequest, MiddlewareHandler } from 'hono'
import { oauth1ContextOf } from '../features/oauth1/protected-servers.js'
import { checkSize, type ReadBody } from '../features/oauth1/read-oauth1-request.js'
import {
  checkGuardRequirements,
  type OAuth1Requirements,
  type OAuth1Verification,
  verifySignedRequest,
} from '../features/oauth1/verify-oauth1-request.js'
import type { MountableServer } from '../server/authorization-server.js'

/** What the handlers behind a guard of OAuth 1.0a find in their context. */
export interface HonoOAuth1GuardEnv {
  /** Read by `context.get('oauth1')`: who has signed the request, and for which user. */
  readonly Variables: { readonly oauth1: Extract<OAuth1Verification, { readonly ok: true }> }
}

/**
 * Creates middleware for Hono that lets requests with a valid signature of OAuth 1.0a through. The handler behind it finds out by
 * `context.get('oauth1')` who has signed. Throws a TypeError for an unknown requirement.
 *
 * @param server created by `createOAuth1Server()`, or with the feature `oauth1()`
 */
export function toHonoOAuth1Guard(
  server: MountableServer,
  requirements: Omit<OAuth1Requirements, 'url'> = {},
): MiddlewareHandler<HonoOAuth1GuardEnv> {
  checkGuardRequirements(requirements)
  const at = oauth1ContextOf(server)
  return async (context, next) => {
    const { req } = context
    const readBody = req.raw.bodyUsed ? cachedBody(req) : undefined
    const verified = await verifySignedRequest({ request: req.raw, readBody, env: context.env }, requirements, at)
    if (!verified.ok) return verified.response
    context.set('oauth1', verified)
    return next()
  }
}

/** Reads the body that a handler has read before. A form or JSON that was parsed is not what was signed, byte by byte. */
function cachedBody(req: HonoRequest): ReadBody {
  return async (limit) => {
    const { text, arrayBuffer, blob } = req.bodyCache
    if (!text && !arrayBuffer && !blob) {
      throw new TypeError(
        'oauth1: a handler has parsed the body before the guard, and the bytes that were signed are lost. Put the guard before it, ' +
          'or read the body there with text() or arrayBuffer()',
      )
    }
    const body = await req.arrayBuffer()
    checkSize(body.byteLength, limit)
    return body
  }
}
