import { authenticateClient, presentsClient } from './client-authentication/authenticate-client.js'
import { defined } from '../options/defined.js'
import { checkBoundKey } from '../features/dpop/check-bound-key.js'
import { checkDpopProof } from '../features/dpop/check-dpop-proof.js'
import { readForm } from '../http/body.js'
import { checkGrantType } from './grants/client-may.js'
import type { Grant, TokenRequest } from './grants/grant.js'
import { OAuthError } from '../http/oauth-error.js'
import { checkRepeatedParameters, readParameters, type Parameters } from '../http/parameters.js'
import type { Exchange } from '../options/server-parts.js'
import type { ClientRecord } from '../storage/client-store.js'
import { issueTokens, type Issue } from './issue-tokens.js'
import { jsonResponse } from '../http/json-response.js'

/** The token endpoint: authenticate the client, let the grant decide, issue. @see RFC 6749, section 3.2 */
export async function token(exchange: Exchange): Promise<Response> {
  const { server, request } = exchange
  const params = readParameters(await readForm(request))
  checkRepeatedParameters(params)
  const client = await findClient(exchange, params)
  try {
    const grant = findGrant(params, exchange)
    checkGrantType(client, grant.grantType)
    const dpopJkt = await checkDpopProof(request, { url: `${server.base}/token` }, server)
    if (client.dpopBoundAccessTokens && dpopJkt === undefined)
      throw new OAuthError('invalid_dpop_proof', 'this client needs a DPoP proof')
    const issue = await grant.handle({ exchange, params, client, grant, dpopJkt })
    return jsonResponse(await issueTokens(bindToKey(issue, dpopJkt), exchange))
  } catch (error) {
    if (error instanceof OAuthError) {
      const { clientId } = client
      server.emit({ type: 'token.refused', clientId, error: error.error, ...defined({ grantType: params.get('grant_type') }) })
    }
    throw error
  }
}

/** A client that says nothing of itself, for grants whose credential speaks for it. */
const NOBODY: ClientRecord = { clientId: '', redirectUris: [] }

async function findClient(exchange: Exchange, params: Parameters): Promise<ClientRecord> {
  const grantType = params.get('grant_type')
  const isOptional = exchange.server.grants.some((grant) => grant.grantType === grantType && grant.isClientOptional)
  return isOptional && !presentsClient(exchange.request, params) ? NOBODY : authenticateClient(exchange, params)
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

/** The tokens are for who made the proof; where the grant was bound, that must be the same. */
function bindToKey(issue: Issue, dpopJkt: TokenRequest['dpopJkt']): Issue {
  const { dpopJkt: bound, ...unbound } = issue
  checkBoundKey(bound, dpopJkt)
  return { ...unbound, ...defined({ dpopJkt }) }
}
