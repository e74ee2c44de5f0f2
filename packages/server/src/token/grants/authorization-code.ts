import { narrowedDetails } from '../../features/rar/requested-details.js'
import { defined } from '../../options/defined.js'
import { OAuthError } from '../../http/oauth-error.js'
import { digest } from '../../storage/digest.js'
import type { AuthorizationCodeRecord } from '../../storage/auth-code-store.js'
import type { Issue } from '../issue-tokens.js'
import { revokeFamily } from '../revoke-family.js'
import { checkCodeVerifier } from './check-code-verifier.js'
import { grantBase, type Grant, type GrantOptions, type TokenRequest } from './grant.js'
import { narrowedResources } from './requested-resources.js'

export interface AuthorizationCodeOptions extends GrantOptions {
  /** Seconds that a code lives. Default 60, at most 600. */
  readonly codeLifetime?: number
  /** Accept `code_challenge_method=plain`. Default false. @see RFC 9700, section 2.1.1 */
  readonly allowPlain?: boolean
  /** Demand PKCE of confidential clients too. Default false. */
  readonly requirePkce?: boolean
}

/** The authorization code grant with PKCE. @see RFC 6749, section 4.1; RFC 7636; OpenID Connect Core 1.0, section 3.1 */
export function authorizationCode(options: AuthorizationCodeOptions = {}): Grant {
  const { codeLifetime = 60, allowPlain = false, requirePkce = false } = options
  if (!(codeLifetime > 0 && codeLifetime <= 600)) {
    throw new TypeError('authorizationCode: "codeLifetime" must be above 0 and at most 600 seconds (RFC 6749, section 4.1.2)')
  }
  return {
    ...grantBase(options),
    grantType: 'authorization_code',
    responseTypes: ['code'],
    code: { codeLifetime, allowPlain, requirePkce },
    handle: redeemCode,
  }
}

async function redeemCode(request: TokenRequest): Promise<Issue> {
  const { params, client, exchange } = request
  const code = params.get('code')
  if (code === undefined) throw new OAuthError('invalid_request', '"code" is missing')
  const record = await takeCode(await digest(code), request)
  if (record.clientId !== client.clientId) throw new OAuthError('invalid_grant', 'the code was issued to another client')
  if (record.expiresAt <= exchange.server.now()) throw new OAuthError('invalid_grant', 'the authorization code has expired')
  checkRedirectUri(params.get('redirect_uri'), record)
  await checkCodeVerifier(params.get('code_verifier'), record)
  const { server } = exchange
  const narrowed = await narrowedDetails(params, record.authorizationDetails, { client, server })
  const {
    clientId: _clientId,
    code: _code,
    redirectUri: _uri,
    expiresAt: _at,
    grantId: _grant,
    authorizationDetails,
    requestedScope,
    ...granted
  } = record
  return {
    ...granted,
    ...narrowedResources(params, record.resources),
    ...narrowed,
    ...defined({ refreshDetails: authorizationDetails }),
    requestedScope,
    client,
    grantType: 'authorization_code',
    expiresIn: request.grant.expiresIn,
    families: familiesOf(record),
    withRefreshToken: true,
  }
}

/** A session's end takes its tokens with it, except those the person granted for offline use (OpenID Connect Core 1.0, section 11). */
export function familiesOf({
  grantId,
  sid,
  scope,
}: Pick<AuthorizationCodeRecord, 'grantId' | 'sid' | 'scope'>): readonly string[] {
  return sid === undefined || scope.includes('offline_access') ? [grantId] : [grantId, sid]
}

async function takeCode(code: string, { exchange: { server }, client }: TokenRequest): Promise<AuthorizationCodeRecord> {
  const taken = await server.stores.authCodes.takeCode(code)
  if (taken.outcome === 'taken') return taken.record
  if (taken.outcome === 'replayed') {
    // RFC 6749, section 4.1.2 and RFC 9700, section 4.2.4: what the first use gave may be in the wrong hands.
    await revokeFamily(server, taken.record.grantId)
    server.emit({ type: 'code.replayed', clientId: client.clientId, userId: taken.record.userId })
  }
  throw new OAuthError('invalid_grant', 'the authorization code is unknown, or was used before')
}

/** The redirect URI must be repeated where the request had one. @see RFC 6749, section 4.1.3 */
function checkRedirectUri(redirectUri: string | undefined, record: ServerCode): void {
  if (record.redirectUri === undefined && redirectUri === undefined) return
  if (record.redirectUri !== undefined && redirectUri === undefined) {
    throw new OAuthError('invalid_request', '"redirect_uri" is missing: it stood in the authorization request')
  }
  if (record.redirectUri !== redirectUri)
    throw new OAuthError('invalid_grant', '"redirect_uri" is not the one of the authorization request')
}

type ServerCode = Pick<AuthorizationCodeRecord, 'redirectUri'>
