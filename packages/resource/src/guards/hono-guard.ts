import type { HonoRequest, MiddlewareHandler } from 'hono'
import { cachedForm } from '../http/cached-form.js'
import type { TokenVerifier } from '../verifier/create-token-verifier.js'
import { engineOf, verifyOnce, type Engine, type RequestSource } from '../verifier/engine.js'
import { checkRequirements, type TokenRequirements } from '../verifier/requirements.js'
import type { VerifiedToken } from '../verifier/verified-token.js'

/** What the handlers behind a guard of Hono find in their context. */
export interface HonoGuardEnv<Claims extends object> {
  /** Read by `context.get('token')`. */
  readonly Variables: { readonly token: VerifiedToken<Claims> }
}

/**
 * Creates middleware for Hono on any runtime. The handler behind it finds the token by `context.get('token')`. Throws a TypeError for
 * requirements that are wrong.
 */
export function toHonoGuard<Claims extends object>(
  verifier: TokenVerifier<Claims>,
  requirements: TokenRequirements = {},
): MiddlewareHandler<HonoGuardEnv<Claims>> {
  checkRequirements(requirements)
  const engine = engineOf<never>(verifier)
  return async (context, next) => {
    const { req } = context
    const verification = await verifyOnce<Claims>(verifier, req.raw, () => sourceOf(req, engine), requirements)
    if (!verification.ok) return verification.response
    context.set('token', verification.token)
    await next()
    for (const [name, value] of Object.entries(verification.headers)) context.header(name, value)
    return undefined
  }
}

/** Creates middleware that serves the protected resource metadata. @see RFC 9728, section 3 */
export function toHonoMetadata(verifier: Pick<TokenVerifier, 'handleMetadata'>): MiddlewareHandler {
  return async (context, next) => verifier.handleMetadata(context.req.raw) ?? next()
}

async function sourceOf(req: HonoRequest, engine: Engine<never>): Promise<RequestSource> {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(req.header('content-type') ?? '')
  // The copy of a body that was read before is in Hono's cache.
  const isRead = engine.readsForms && isForm && req.raw.bodyUsed
  return isRead ? { request: req.raw, form: await cachedForm(req) } : { request: req.raw }
}
