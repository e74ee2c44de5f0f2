import { OAuthError } from '../../http/oauth-error.js'
import { isMisleading } from '../../http/plain-text.js'
import type { Parameters } from '../../http/parameters.js'
import { grantedScope, type ServerScopeRequest } from '../../token/grants/granted-scope.js'
import { requestedResources } from '../../token/grants/requested-resources.js'
import { parseScope } from '../../token/scope.js'
import type { CibaRequest } from './ciba-request.js'
import type { CibaSettings } from './ciba-settings.js'
import type { WaitingPlace } from './waiting-list.js'

/** What a client requests, and for how many seconds the request is valid. */
export type ParsedRequest = Omit<CibaRequest, 'key' | 'requestId' | 'clientId' | 'expiresAt' | 'userId' | keyof WaitingPlace> & {
  readonly lifetime: number
}

/**
 * Reads the parameters of a backchannel authentication request, except its hints.
 *
 * @throws OAuthError `invalid_request`, `invalid_scope`, `invalid_binding_message`. @see OpenID Connect CIBA Core 1.0, sections 7.1 and 13
 */
export function parseRequest(params: Parameters, request: ServerScopeRequest, settings: CibaSettings): ParsedRequest {
  // The parameters of a signed request must not be ignored (section 7.1.1).
  if (params.get('request') !== undefined)
    throw new OAuthError('request_not_supported', 'signed authentication requests are not supported')
  return {
    scope: readScope(params.get('scope'), request),
    resources: requestedResources(params, request.client),
    requestedScope: params.get('scope'),
    bindingMessage: readBindingMessage(params.get('binding_message')),
    acrValues: params.get('acr_values'),
    loginHint: params.get('login_hint'),
    lifetime: readLifetime(params.get('requested_expiry'), settings),
  }
}

function readScope(requested: string | undefined, request: ServerScopeRequest): readonly string[] {
  if (requested === undefined) throw new OAuthError('invalid_request', '"scope" is missing')
  const granted = grantedScope(requested, request)
  if (parseScope(requested).includes('openid') && granted.includes('openid')) return granted
  throw new OAuthError('invalid_scope', '"scope" must contain "openid", and the client must be allowed to use it')
}

/** No invisible characters, changes of direction or line breaks: the message must look the same on both devices. */
const PLAIN_TEXT = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,100}$/u

function readBindingMessage(message: string | undefined): string | undefined {
  if (message === undefined || (PLAIN_TEXT.test(message) && !isMisleading(message))) return message
  throw new OAuthError('invalid_binding_message', '"binding_message" must be one line of plain text, of at most 100 characters')
}

function readLifetime(requested: string | undefined, { requestLifetime, longestLifetime }: CibaSettings): number {
  if (requested === undefined) return requestLifetime
  if (/^[1-9]\d{0,8}$/.test(requested)) return Math.min(Number(requested), longestLifetime)
  throw new OAuthError('invalid_request', '"requested_expiry" must be a positive number of seconds')
}
