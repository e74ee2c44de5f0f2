import { isLoopbackUrl } from '../http/loopback.js'
import type { ServerContext } from '../options/server-context.js'
import { isPublic } from '../token/grants/client-may.js'
import { words } from '../token/scope.js'
import type { InteractionRequest } from './interaction-context.js'

/**
 * Tells whether the request may be one of another app on the user's device: every app can claim a private scheme or a loopback port. A
 * user must see such a request, whatever was agreed to before. @see RFC 8252, section 8.6; RFC 9700, section 4.1.3
 */
export function needsClick(request: InteractionRequest, { issuer }: Pick<ServerContext, 'issuer'>): boolean {
  const { client, redirectUri, params } = request
  // A secret protects what is redeemed at the token endpoint, not what is in the response.
  const hasTokens = words(params.get('response_type')).some((type) => type !== 'code')
  if (!isPublic(client) && !hasTokens) return false
  if (!/^https?:$/.test(new URL(redirectUri).protocol)) return true
  // A page in development is on loopback too, with its server beside it.
  return (
    redirectUri.startsWith('http:') &&
    isLoopbackUrl(redirectUri) &&
    (client.applicationType === 'native' || !isLoopbackUrl(issuer))
  )
}
