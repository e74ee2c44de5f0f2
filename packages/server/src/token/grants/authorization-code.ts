import { OAuthError } from '../../http/oauth-error.js'
import type { AuthorizationCodeRecord } from '../../storage/auth-code-store.js'
import { digestNow } from '../../storage/digest.js'
import { checkActiveUser } from '../check-active-user.js'
import { hasSessionEnded } from '../ended-session.js'
import type { Issue } from '../issue.js'
import { revokeFamily } from '../revoke-family.js'
import { checkCodeVerifier } from './check-code-verifier.js'
import { GRANT_OPTIONS, grantBase, type Grant, type GrantOptions, type TokenRequest, type TokenServer } from './grant.js'
import { stillAllowedScope } from './granted-scope.js'
import { narrowedResources } from './requested-resources.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'

/** Options of {@link authorizationCode} and `hybrid`. */
export interface AuthorizationCodeOptions extends GrantOptions {
  /** Lifetime of a code in seconds. Default 60, at most 600. */
  readonly codeLifetime?: number | undefined
  /** Accept `code_challenge_method=plain`. Default false. @see RFC 9700, section 2.1.1 */
  readonly allowPlain?: boolean | undefined
  /** Require PKCE of confidential clients too. Default false. */
  readonly requirePkce?: boolean | undefined
}

const OPTIONS: MembersOf<AuthorizationCodeOptions> = { ...GRANT_OPTIONS, codeLifetime: true, allowPlain: true, requirePkce: true }

/** Creates the authorization code grant with PKCE. @see RFC 6749, section 4.1; RFC 7636; OpenID Connect Core 1.0, section 3.1 */
export function authorizationCode(options: AuthorizationCodeOptions = {}): Grant {
  return codeGrant(options, 'authorizationCode')
}

/** @param name of the function that the host called */
export function codeGrant(options: AuthorizationCodeOptions, name: string): Grant {
  checkMembers(options, OPTIONS, { name })
  const { codeLifetime = 60, allowPlain = false, requirePkce = false } = options
  if (!(codeLifetime > 0 && codeLifetime <= 600))
    throw new TypeError(`${name}: "codeLifetime" must be above 0 and at most 600 seconds (RFC 6749, section 4.1.2)`)
  return {
    ...grantBase(options),
    grantType: 'authorization_code',
    responseTypes: ['code'],
    code: { codeLifetime, allowPlain, requirePkce },
    handle: redeemCode,
  }
}

async function redeemCode(request: TokenRequest): Promise<Issue> {
  const { params, client, grant, context } = request
  const { server } = context
  const code = params.get('code')
  if (code === undefined) throw new OAuthError('invalid_request', '"code" is missing')
  const { record, hasEnded } = await takeCode(digestNow(code), request)
  if (record.clientId !== client.clientId) throw new OAuthError('invalid_grant', 'the code was issued to another client')
  if (record.expiresAt <= server.now()) throw new OAuthError('invalid_grant', 'the authorization code has expired')
  checkRedirectUri(params.get('redirect_uri'), record)
  await checkCodeVerifier(params.get('code_verifier'), record)
  // After the sign-out, the tokens would be revoked already, and the ID token would sign the user in again.
  if (await hasEnded) throw new OAuthError('invalid_grant', 'the session that the code was issued in has ended')
  const scope = stillAllowedScope(record.scope, { grant, client, server })
  const { userId, data, sid, nonce, authTime, acr, amr, claims, dpopJkt, requestedScope } = record
  await checkActiveUser({ userId, scope, grant }, request)
  return {
    client,
    grantType: 'authorization_code',
    scope,
    requestedScope,
    userId,
    data,
    sid,
    nonce,
    authTime,
    acr,
    amr,
    claims,
    dpopJkt,
    refreshDetails: record.authorizationDetails,
    expiresIn: grant.expiresIn,
    families: familiesOf(record),
    withRefreshToken: true,
    ...narrowedResources(params, record.resources, client),
    ...(await server.authorizationDetails.narrowed(params, record.authorizationDetails, client)),
  }
}

/** The end of a session revokes its tokens, except those that the user granted for offline use (OpenID Connect Core 1.0, section 11). */
export function familiesOf({
  grantId,
  sid,
  scope,
}: Pick<AuthorizationCodeRecord, 'grantId' | 'sid' | 'scope'>): readonly string[] {
  return sid === undefined || scope.includes('offline_access') ? [grantId] : [grantId, sid]
}

interface Taken {
  readonly record: AuthorizationCodeRecord
  /** Whether the session that the code is bound to has ended. */
  readonly hasEnded: Promise<boolean>
}

async function takeCode(code: string, { context: { server }, client }: TokenRequest): Promise<Taken> {
  let hasEnded: Promise<boolean> | undefined
  const taken = await server.stores.authCodes.takeCode(code, (record) => {
    hasEnded = hasBoundSessionEnded(record, server)
    // The code may be refused for another reason, and the read is not waited for then.
    hasEnded.catch(() => undefined)
  })
  if (taken.outcome === 'taken') return { record: taken.record, hasEnded: hasEnded ?? hasBoundSessionEnded(taken.record, server) }
  if (taken.outcome === 'replayed') {
    // RFC 6749, section 4.1.2 and RFC 9700, section 4.2.4: the tokens of the first use may be stolen.
    await revokeFamily(server, taken.record.grantId)
    server.emit({ type: 'code.replayed', clientId: client.clientId, userId: taken.record.userId })
  }
  throw new OAuthError('invalid_grant', 'the authorization code is unknown, or was used before')
}

function hasBoundSessionEnded(record: AuthorizationCodeRecord, server: TokenServer): Promise<boolean> {
  const sid = familiesOf(record).length > 1 ? record.sid : undefined
  return sid === undefined ? Promise.resolve(false) : hasSessionEnded(server, sid)
}

/** The redirect URI must be repeated if the authorization request had one. @see RFC 6749, section 4.1.3 */
function checkRedirectUri(redirectUri: string | undefined, record: Pick<AuthorizationCodeRecord, 'redirectUri'>): void {
  if (record.redirectUri === undefined && redirectUri === undefined) return
  if (record.redirectUri !== undefined && redirectUri === undefined)
    throw new OAuthError('invalid_request', '"redirect_uri" is missing: the authorization request had it')
  if (record.redirectUri !== redirectUri)
    throw new OAuthError('invalid_grant', '"redirect_uri" is not that of the authorization request')
}
