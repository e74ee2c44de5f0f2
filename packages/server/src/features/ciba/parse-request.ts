import { defined } from '../../options/defined.js'
import { grantedScope, type Asking } from '../../token/grants/granted-scope.js'
import { requestedResources } from '../../token/grants/requested-resources.js'
import { OAuthError } from '../../http/oauth-error.js'
import type { Parameters } from '../../http/parameters.js'
import { parseScope } from '../../token/scope.js'
import type { CibaRequest } from './ciba-request.js'
import type { CibaSettings } from './ciba-settings.js'

/** What a client wants of a person, and for how long (seconds) it asks. */
export type Wishes = Omit<CibaRequest, 'key' | 'clientId' | 'expiresAt' | 'userId' | 'place'> & { readonly lifetime: number }

/** @throws OAuthError `invalid_request`, `invalid_scope`, `invalid_binding_message`. @see OpenID Connect CIBA Core 1.0, sections 7.1 and 13 */
export function readWishes(params: Parameters, asking: Asking, settings: CibaSettings): Wishes {
  // What stands in a signed request would otherwise be left unread (section 7.1.1).
  if (params.get('request') !== undefined)
    throw new OAuthError('request_not_supported', 'signed authentication requests are not supported')
  return {
    scope: readScope(params.get('scope'), asking),
    ...requestedResources(params),
    ...defined({
      requestedScope: params.get('scope'),
      bindingMessage: readBindingMessage(params.get('binding_message')),
      acrValues: params.get('acr_values'),
    }),
    lifetime: readLifetime(params.get('requested_expiry'), settings),
  }
}

function readScope(requested: string | undefined, asking: Asking): readonly string[] {
  if (requested === undefined) throw new OAuthError('invalid_request', '"scope" is missing')
  const granted = grantedScope(requested, asking)
  if (parseScope(requested).includes('openid') && granted.includes('openid')) return granted
  throw new OAuthError('invalid_scope', '"scope" must have "openid" in it, and the client must be allowed it')
}

/** Nothing that cannot be seen, turns the direction of writing, or breaks the line: what is compared must look the same everywhere. */
const PLAIN_TEXT = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,100}$/u

function readBindingMessage(message: string | undefined): string | undefined {
  if (message === undefined || PLAIN_TEXT.test(message)) return message
  throw new OAuthError('invalid_binding_message', '"binding_message" must be one line of plain text, of at most 100 characters')
}

function readLifetime(requested: string | undefined, { requestLifetime, longestLifetime }: CibaSettings): number {
  if (requested === undefined) return requestLifetime
  if (/^[1-9]\d{0,8}$/.test(requested)) return Math.min(Number(requested), longestLifetime)
  throw new OAuthError('invalid_request', '"requested_expiry" must be a positive number of seconds')
}
