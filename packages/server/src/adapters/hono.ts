import { cachedForm } from '@latchkey/resource/internals'
import type { MiddlewareHandler } from 'hono'
import { checkRequirements, verifyRequest, type ResourceRequirements } from '../resource/verify-request.js'
import { warnOfUnknownScope } from '../options/warn-of-unknown-names.js'
import type { AuthorizationServer, MountableServer } from '../server/authorization-server.js'
import { contextOf } from '../server/context-of.js'
import type { AccessTokenRecord } from '../storage/access-token-store.js'

/** Creates middleware for Hono on any runtime. `context.env` is passed on to the site adapter. */
export function toHonoMiddleware(server: MountableServer): MiddlewareHandler {
  return async (context, next) => {
    if (!server.handles(new URL(context.req.url))) return next()
    return server.fetch(context.req.raw, context.env)
  }
}

/** Creates a handler for `Deno.serve`, `Bun.serve`, a Worker or a service worker; undefined leaves the request to the host. */
export function toFetchHandler(server: MountableServer): (request: Request, env?: unknown) => Promise<Response> | undefined {
  return (request, env) => (server.handles(new URL(request.url)) ? server.fetch(request, env) : undefined)
}

/** What the handlers behind a guard of Hono find in their context. */
export interface HonoGuardEnv {
  /** Read by `context.get('token')`. */
  readonly Variables: { readonly token: AccessTokenRecord }
}

/**
 * Creates middleware for Hono that lets requests with a valid access token through. The handler behind it finds the token's record by
 * `context.get('token')`. Throws a TypeError for an unknown requirement.
 */
export function toHonoGuard(
  server: AuthorizationServer,
  requirements: ResourceRequirements = {},
): MiddlewareHandler<HonoGuardEnv> {
  checkRequirements(requirements)
  warnOfUnknownScope(requirements.scope, contextOf(server))
  return async (context, next) => {
    const { req } = context
    // The copy of a body that was read before is in Hono's cache.
    const form = req.raw.bodyUsed ? await cachedForm(req) : undefined
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(req.header('content-type') ?? '')
    // Node, Deno and Bun take the host from its header.
    const source = { request: req.raw, form: isForm ? form : undefined, hasSentHost: true }
    const verification = await verifyRequest(source, requirements, contextOf(server))
    if (!verification.ok) return verification.response
    context.set('token', verification.token)
    await next()
    // RFC 6750, section 2.3: shared caches would serve the response to others.
    if (verification.place === 'query') context.header('cache-control', 'private')
    return undefined
  }
}
