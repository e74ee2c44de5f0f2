import { OAuthError } from '../oauth-error.js'
import { parseScope } from '../scope-policy.js'
import type { ServerParts } from '../server-parts.js'
import type { AccessTokenRecord } from '../storage/access-token-store.js'
import { digest } from '../storage/digest.js'
import { errorResponse } from '../endpoints/json-response.js'
import { accessTokenOfRequest } from './access-token-of-request.js'

/** What a protected resource demands. */
export interface ResourceDemands {
  /** Space-separated; the token must have all of it. */
  readonly scope?: string
}

/** Either what the token stands for, or the response to send in place of the resource. */
export type Verification =
  | { readonly ok: true; readonly token: AccessTokenRecord }
  | { readonly ok: false; readonly response: Response }

/** Guards a protected resource. @returns the token's record, or the challenge of RFC 6750, section 3 */
export async function verifyRequest(request: Request, demands: ResourceDemands, server: ServerParts): Promise<Verification> {
  try {
    const presented = accessTokenOfRequest(request)
    return { ok: true, token: await checkAccessToken(presented?.token, demands, server) }
  } catch (error) {
    if (error instanceof OAuthError) return { ok: false, response: challenge(error, demands, server) }
    throw error
  }
}

/** @throws OAuthError `invalid_token`, `insufficient_scope`, or `missing_token` where there is none */
export async function checkAccessToken(
  token: string | undefined,
  { scope }: ResourceDemands,
  server: ServerParts,
): Promise<AccessTokenRecord> {
  if (token === undefined) throw new OAuthError('missing_token', 'the request has no access token', { status: 401 })
  const record = await server.stores.accessTokens.findByToken(await digest(token))
  if (!record || (record.expiresAt !== undefined && record.expiresAt <= server.now())) {
    throw new OAuthError('invalid_token', 'the access token is unknown, expired or revoked')
  }
  if (!parseScope(scope).every((name) => record.scope.includes(name))) {
    throw new OAuthError('insufficient_scope', 'the access token does not have the scope that is needed here')
  }
  return record
}

/** A request without a token is told only how to bring one. @see RFC 6750, section 3.1 */
export function challenge(error: OAuthError, { scope }: ResourceDemands, server: ServerParts): Response {
  const attributes = [`realm="${server.issuer}"`]
  if (error.error === 'missing_token') {
    return errorResponse(
      new OAuthError('invalid_token', error.description, { headers: { 'www-authenticate': `Bearer ${attributes[0]}` } }),
    )
  }
  attributes.push(`error="${error.error}"`, `error_description="${error.description}"`)
  if (scope !== undefined) attributes.push(`scope="${scope}"`)
  const headers = { ...error.headers, 'www-authenticate': `Bearer ${attributes.join(', ')}` }
  return errorResponse(new OAuthError(error.error, error.description, { status: error.status, headers }))
}
