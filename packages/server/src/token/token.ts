import { readFormParameters } from '../http/form-parameters.js'
import { jsonResponse } from '../http/json-response.js'
import type { Reply } from '../http/reply.js'
import { OAuthError } from '../http/oauth-error.js'
import type { Parameters } from '../http/parameters.js'
import type { RequestContext } from '../http/request-context.js'
import type { ClientRecord } from '../storage/client-record.js'
import { authenticateClient, presentsClient } from './client-authentication/authenticate-client.js'
import { checkBoundKey } from './check-bound-key.js'
import { checkIssue } from './grants/check-issue.js'
import { checkGrantType } from './grants/client-may.js'
import type { Grant, TokenRequest, TokenServer } from './grants/grant.js'
import type { Issue } from './issue.js'
import { issueTokens } from './issue-tokens.js'

type TokenContext = RequestContext<TokenServer>

/** The token endpoint: authenticate the client, let the grant decide, issue the tokens. @see RFC 6749, section 3.2 */
export async function token(context: TokenContext): Promise<Reply> {
  const { server, request } = context
  const params = await readFormParameters(request)
  const client = await findClient(context, params)
  try {
    const grant = findGrant(params, context)
    checkGrantType(client, grant.grantType)
    const proof = await server.proofOfPossession.check(request, { url: server.urlOf('/token') })
    const dpopJkt = proof?.thumbprint
    if (client.dpopBoundAccessTokens && dpopJkt === undefined)
      throw new OAuthError('invalid_dpop_proof', 'this client needs a DPoP proof')
    const issue = checkIssue(await grant.handle({ context, params, client, grant, dpopJkt }), grant)
    const bound = bindToKey(issue, dpopJkt)
    await proof?.use()
    return jsonResponse(await issueTokens(bound, server))
  } catch (error) {
    if (error instanceof OAuthError) {
      server.emit({
        type: 'token.refused',
        clientId: client.clientId,
        grantType: server.grants.find(({ grantType }) => grantType === params.get('grant_type'))?.grantType,
        error: error.error,
      })
    }
    throw error
  }
}

/** The client of a request that identifies none, for grants whose credential is enough. */
const ANONYMOUS_CLIENT: ClientRecord = { clientId: '', redirectUris: [] }

async function findClient(context: TokenContext, params: Parameters): Promise<ClientRecord> {
  const grantType = params.get('grant_type')
  const isOptional = context.server.grants.some((grant) => grant.grantType === grantType && grant.isClientOptional)
  if (isOptional && !presentsClient(context.request, params)) return ANONYMOUS_CLIENT
  return authenticateClient(context, params)
}

type TokenGrant = Grant & Required<Pick<Grant, 'handle'>> & { readonly grantType: string }

function findGrant(params: Parameters, { server }: TokenContext): TokenGrant {
  const grantType = params.get('grant_type')
  if (grantType === undefined) throw new OAuthError('invalid_request', '"grant_type" is missing')
  const grant = server.grants.find(
    (candidate): candidate is TokenGrant => candidate.grantType === grantType && candidate.handle !== undefined,
  )
  if (!grant) throw new OAuthError('unsupported_grant_type', 'this server has no such grant')
  return grant
}

/** Binds the tokens to the key of the proof, which must be the key that the grant is bound to, if it is. */
function bindToKey(issue: Issue, dpopJkt: TokenRequest['dpopJkt']): Issue {
  checkBoundKey(issue.dpopJkt, dpopJkt)
  return { ...issue, dpopJkt }
}
