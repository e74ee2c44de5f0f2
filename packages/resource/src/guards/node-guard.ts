import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TokenVerifier } from '../verifier/create-token-verifier.js'
import { engineOf, verifyOnce } from '../verifier/engine.js'
import { checkRequirements, type TokenRequirements } from '../verifier/requirements.js'
import type { VerifiedToken } from '../verifier/verified-token.js'
import { keepToken } from './accepted-tokens.js'
import { asRequest, sourceOf } from './node-request.js'
import { sendResponse } from './send-response.js'

/** Protects a handler of `http.createServer`. */
export type NodeGuard<Claims extends object> = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<VerifiedToken<Claims> | undefined>

/**
 * Creates a guard for `http.createServer`. It resolves with the token; with undefined once it has sent the challenge. Throws a TypeError
 * for requirements that are wrong.
 */
export function toNodeGuard<Claims extends object>(
  verifier: TokenVerifier<Claims>,
  requirements: TokenRequirements = {},
): NodeGuard<Claims> {
  checkRequirements(requirements)
  const engine = engineOf<never>(verifier)
  return async (request, response) => {
    const body = 'body' in request ? request.body : undefined
    const verification = await verifyOnce<Claims>(verifier, request, () => sourceOf(request, body, engine), requirements)
    if (!verification.ok) return sendResponse(response, verification.response)
    keepToken(verifier, request, verification.token)
    for (const [name, value] of Object.entries(verification.headers)) response.setHeader(name, value)
    return verification.token
  }
}

/** Serves the protected resource metadata. */
export type NodeMetadataHandler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

/** Creates the handler of the protected resource metadata. It resolves with true once it has responded. @see RFC 9728, section 3 */
export function toNodeMetadataHandler(verifier: Pick<TokenVerifier, 'handleMetadata'>): NodeMetadataHandler {
  return async (incoming, response) => {
    const request = requestOf(incoming)
    const handled = request && verifier.handleMetadata(request)
    if (!handled) return false
    await sendResponse(response, handled)
    return true
  }
}

/** Another handler refuses what is no valid request. */
function requestOf(incoming: IncomingMessage): Request | undefined {
  try {
    return asRequest(incoming, 'http://localhost')
  } catch {
    return undefined
  }
}
