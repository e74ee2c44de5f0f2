import type { TokenVerifier } from '../verifier/create-token-verifier.js'
import { verifyOnce } from '../verifier/engine.js'
import { checkRequirements, type TokenRequirements } from '../verifier/requirements.js'
import type { VerifiedToken } from '../verifier/verified-token.js'

/** A route handler that gets the token of its request. `context` is what Next.js passes, such as `params`. */
export type GuardedRoute<Claims extends object, Context> = (
  request: Request,
  token: VerifiedToken<Claims>,
  context: Context,
) => Response | Promise<Response>

/**
 * Creates a route handler of Next.js: `export const GET = guardRoute(verifier, { scope }, handler)`. It works wherever a handler gets a
 * `Request`. Throws a TypeError for requirements that are wrong.
 */
export function guardRoute<Claims extends object, Context = unknown>(
  verifier: TokenVerifier<Claims>,
  requirements: TokenRequirements,
  handler: GuardedRoute<Claims, Context>,
): (request: Request, context: Context) => Promise<Response> {
  checkRequirements(requirements)
  return async (request, context) => {
    const verification = await verifyOnce<Claims>(verifier, request, () => ({ request }), requirements)
    if (!verification.ok) return verification.response
    const response = await handler(request, verification.token, context)
    const added = Object.entries(verification.headers)
    if (added.length === 0) return response
    // The headers of some responses, such as that of `fetch`, cannot be changed.
    const headers = new Headers(response.headers)
    for (const [name, value] of added) headers.set(name, value)
    return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
  }
}

/**
 * Creates the route handler of the protected resource metadata, for `app/.well-known/oauth-protected-resource/[[...path]]/route.ts`.
 *
 * @see RFC 9728, section 3
 */
export function metadataRoute(verifier: Pick<TokenVerifier, 'handleMetadata'>): (request: Request) => Response {
  return (request) => verifier.handleMetadata(request) ?? new Response(null, { status: 404 })
}
