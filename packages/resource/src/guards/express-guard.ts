import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TokenVerifier } from '../verifier/create-token-verifier.js'
import type { TokenRequirements } from '../verifier/requirements.js'
import { toNodeGuard, toNodeMetadataHandler } from './node-guard.js'

/** Middleware of Express or Connect. */
export type ExpressMiddleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void

/**
 * Creates middleware for Express and Connect, before or after body parsers. The handler behind it finds the token by
 * `tokenOf(verifier, request)`. Throws a TypeError for requirements that are wrong.
 */
export function toExpressGuard<Claims extends object>(
  verifier: TokenVerifier<Claims>,
  requirements: TokenRequirements = {},
): ExpressMiddleware {
  const guard = toNodeGuard(verifier, requirements)
  return continueIf(async (request, response) => (await guard(request, response)) !== undefined)
}

/** Creates middleware that serves the protected resource metadata. Put it at the root of the app. @see RFC 9728, section 3 */
export function toExpressMetadata(verifier: Pick<TokenVerifier, 'handleMetadata'>): ExpressMiddleware {
  const handle = toNodeMetadataHandler(verifier)
  return continueIf(async (request, response) => !(await handle(request, response)))
}

/** The next handler runs only if the function resolves with true; its own error is not taken for one of the guard. */
function continueIf(run: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>): ExpressMiddleware {
  const handle = async (...[request, response, next]: Parameters<ExpressMiddleware>): Promise<void> => {
    try {
      if (!(await run(request, response))) return
    } catch (error) {
      next(error)
      return
    }
    next()
  }
  return (request, response, next) => void handle(request, response, next)
}
