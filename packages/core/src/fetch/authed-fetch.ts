import { createError } from '../errors/create-error.js'
import type { ChallengeParts } from './step-up.js'
import type { ComplianceHooks } from '../protocol/compliance.js'
import type { Resource } from './fetch-options.js'
import { loadFlows } from '../client/lazy.js'
import type { AuthedRequestInit } from './fetch-options.js'
import type { AccessTokenOptions } from '../refresh/refresh-options.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import type { ResourceList } from './resource-list.js'
import type { AccessToken } from '../protocol/token-set.js'

export interface AuthedFetchParts extends ChallengeParts {
  readonly fetch: typeof fetch
  readonly resources: ResourceList
  readonly context: ProtocolContext
  readonly protectedRequest: ComplianceHooks['protectedRequest']
  readonly isOffline: () => boolean
  /** Aborted when the user of the session signs out or changes: nothing of the former user arrives later. */
  readonly sessionSignal: () => AbortSignal
}

/**
 * `fetch` with the access token of the session. The URL is checked against the resource list before anything is sent; a token that
 * the resource refuses as invalid is renewed once and the request sent again, likewise after a stronger sign-in where the option
 * `stepUp` allows one; bodies stream and signals abort as with `fetch`.
 *
 * @throws ConfigurationError resource_not_allowed; SessionError missing_token, token_invalid; NetworkError offline; what `fetch` throws
 * @see RFC 6750, sections 2 and 3.1; RFC 9470
 */
export function createAuthedFetch(
  parts: AuthedFetchParts,
): (input: RequestInfo | URL, init?: AuthedRequestInit) => Promise<Response> {
  return async (input, init = {}) => {
    const { withholdToken, resource: asked, ...plain } = init
    const request = new Request(input, plain)
    const hasOwnCredentials = request.headers.has('authorization')
    if (withholdToken || hasOwnCredentials) return parts.fetch(request)
    const resource = parts.resources.match(new URL(request.url))
    const options = tokenOptions(asked ?? resource.resource, resource.scope, request.signal)
    // A body that is a stream can be sent once only; any other is kept for a second try.
    const retry = request.body === null || !(plain.body instanceof ReadableStream) ? request.clone() : undefined
    const send = async (token: AccessToken, from: Request): Promise<Response> => {
      if (token.tokenType.toLowerCase() === 'dpop') {
        const { fetchWithProof } = await (await parts.context.load()).dpop()
        return fetchWithProof(parts.context, token, from, transmit)
      }
      return sendBearer(from, token, transmit, resource.tokenPlacement)
    }
    const transmit = async (withToken: Request): Promise<Response> => {
      const signal = AbortSignal.any([withToken.signal, parts.sessionSignal()])
      const bound = new Request(withToken, { signal })
      const ready = parts.protectedRequest ? await parts.protectedRequest(bound) : bound
      return parts.fetch(ready).catch((cause: unknown) => explainOffline(parts, cause))
    }
    const token = await parts.accessToken(options).catch((cause: unknown) => {
      request.signal.throwIfAborted()
      throw cause
    })
    const response = await send(token, request)
    if (!retry || (response.status !== 401 && response.status !== 403)) return response
    const { answerChallenge } = await loadFlows()
    const better = await answerChallenge(parts, response, options, token)
    if (!better) return response
    await response.body?.cancel()
    return send(better, retry)
  }
}

/** A browser says no more than "Failed to fetch": where the device is offline, that is told, and that a later try may succeed. */
async function explainOffline(parts: AuthedFetchParts, cause: unknown): Promise<never> {
  if (!(cause instanceof TypeError) || !parts.isOffline()) throw cause
  const hint = 'Try again when the device is back online.'
  throw createError('offline', 'the request could not be sent: the device is offline', { hint, retryable: true, cause })
}

/** @see RFC 6750, section 2.1 */
async function sendBearer(
  request: Request,
  token: AccessToken,
  transmit: (request: Request) => Promise<Response>,
  placement: Resource['tokenPlacement'] = 'header',
): Promise<Response> {
  if (placement !== 'header' || token.tokenType.toLowerCase() !== 'bearer') {
    const { sendPlaced } = await (await loadFlows()).loadTokenPlacement()
    return sendPlaced(request, token, placement, transmit)
  }
  const headers = new Headers(request.headers)
  headers.set('authorization', `Bearer ${token.accessToken}`)
  return transmit(new Request(request, { headers }))
}

function tokenOptions(resource: string | undefined, scope: string | undefined, signal: AbortSignal): AccessTokenOptions {
  return { signal, ...(resource === undefined ? {} : { resource }), ...(scope === undefined ? {} : { scope }) }
}
