import { authenticateClient } from '../client-authentication/authenticate-client.js'
import { readForm } from '../form-body.js'
import { checkGrantType } from '../grants/client-may.js'
import type { Grant, TokenRequest } from '../grants/grant.js'
import { OAuthError } from '../oauth-error.js'
import { checkRepeatedParameters, readParameters, type Parameters } from '../parameters.js'
import type { Exchange } from '../server-parts.js'
import { issueTokens } from '../tokens/issue-tokens.js'
import { jsonResponse } from './json-response.js'

/** The token endpoint: authenticate the client, let the grant decide, issue. @see RFC 6749, section 3.2 */
export async function token(exchange: Exchange): Promise<Response> {
  const params = readParameters(await readForm(exchange.request))
  checkRepeatedParameters(params)
  const client = await authenticateClient(exchange, params)
  try {
    const grant = findGrant(params, exchange)
    checkGrantType(client, grant.grantType)
    const request: TokenRequest = { exchange, params, client, grant }
    return jsonResponse(await issueTokens(await grant.handle(request), exchange))
  } catch (error) {
    if (error instanceof OAuthError) {
      exchange.server.emit({
        type: 'token.refused',
        clientId: client.clientId,
        error: error.error,
        grantType: params.get('grant_type') ?? '',
      })
    }
    throw error
  }
}

type TokenGrant = Grant & Required<Pick<Grant, 'grantType' | 'handle'>>

function findGrant(params: Parameters, { server }: Exchange): TokenGrant {
  const grantType = params.get('grant_type')
  if (grantType === undefined) throw new OAuthError('invalid_request', '"grant_type" is missing')
  const grant = server.grants.find(
    (candidate): candidate is TokenGrant => candidate.grantType === grantType && candidate.handle !== undefined,
  )
  if (!grant) throw new OAuthError('unsupported_grant_type', 'this server has no such grant')
  return grant
}
