import { decodeJwt, type JWTPayload } from 'jose'
import { OAuthError } from '../../http/oauth-error.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { ASSERTION_ALGORITHMS, keysOf, verifyAssertion, type KeySource } from '../assertion.js'
import { requestsDetails } from '../authorization-details-support.js'
import type { Issue } from '../issue.js'
import { parseScope } from '../scope.js'
import { GRANT_OPTIONS, grantBase, type Grant, type GrantOptions, type TokenRequest } from './grant.js'
import { grantedScope } from './granted-scope.js'
import { requestedResources } from './requested-resources.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'

/** An issuer whose assertions are accepted. */
export interface TrustedIssuer extends KeySource {
  /** Compared with the `iss` of the assertion. */
  readonly issuer: string
  /** Default: RS256, PS256, ES256, ES384, EdDSA. */
  readonly algorithms?: readonly string[] | undefined
  /**
   * Returns the user that an assertion is about; default its `sub`. Undefined refuses the assertion. The site's `isActive` is asked
   * about the user in any case.
   */
  readonly userId?: ((claims: JWTPayload) => string | undefined | Promise<string | undefined>) | undefined
}

/** Options of {@link jwtBearer}. */
export interface JwtBearerOptions extends GrantOptions {
  /** The issuers whose assertions are accepted. */
  readonly trustedIssuers: readonly TrustedIssuer[]
}

const OPTIONS: MembersOf<JwtBearerOptions> = { ...GRANT_OPTIONS, trustedIssuers: true }
const ISSUER_MEMBERS: MembersOf<TrustedIssuer> = { issuer: true, algorithms: true, userId: true, jwks: true, jwksUri: true }
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/**
 * Creates the JWT bearer grant: for service accounts, and for users that another issuer has authenticated. The site decides whether the
 * subject exists; for service accounts that it does not know, set the option `site`. The `scope` claim of an assertion, as service
 * accounts send it, is the scope that is requested, or the most that a `scope` parameter beside it may request.
 *
 * @see RFC 7523, section 2.1
 */
export function jwtBearer(options: JwtBearerOptions): Grant {
  checkMembers(options, OPTIONS, { name: 'jwtBearer' })
  for (const trusted of options.trustedIssuers)
    checkMembers(trusted, ISSUER_MEMBERS, { name: 'trustedIssuers', of: trusted.issuer })
  const byIssuer = new Map(options.trustedIssuers.map((trusted) => [trusted.issuer, trusted]))
  return {
    ...grantBase(options),
    grantType: GRANT_TYPE,
    isClientOptional: true,
    async handle(request) {
      const assertion = request.params.get('assertion')
      if (assertion === undefined) throw new OAuthError('invalid_request', '"assertion" is missing')
      return issueForSubject(await subjectOf(assertion, byIssuer, request), request)
    },
  }
}

/** The user that an assertion is about, and its issuer. */
interface Subject {
  readonly userId: string
  readonly issuer: string
  /** The `scope` claim of the assertion. */
  readonly scope: string | undefined
}

async function subjectOf(
  assertion: string,
  byIssuer: ReadonlyMap<string, TrustedIssuer>,
  { context: { server } }: TokenRequest,
): Promise<Subject> {
  try {
    // Decoded without verification only to find the issuer's keys.
    const trusted = byIssuer.get(decodeJwt(assertion).iss ?? '')
    const key = trusted && keysOf(trusted, server)
    if (!trusted || !key) throw new TypeError('the issuer is not trusted')
    const { issuer, algorithms = ASSERTION_ALGORITHMS } = trusted
    const claims = await verifyAssertion(assertion, { issuer, algorithms, key, server, needsJti: false })
    const userId = trusted.userId ? await trusted.userId(claims) : claims.sub
    if (userId === undefined) throw new TypeError('the subject is unknown')
    return { userId, issuer, scope: scopeOf(claims) }
  } catch (cause) {
    throw new OAuthError('invalid_grant', 'this server does not accept the assertion', { cause })
  }
}

function scopeOf({ scope }: JWTPayload & { readonly scope?: unknown }): string | undefined {
  if (scope === undefined || typeof scope === 'string') return scope
  if (Array.isArray(scope) && scope.every((name) => typeof name === 'string')) return scope.join(' ')
  throw new TypeError('the claim "scope" must be a string')
}

/** A request may narrow the scope of the assertion. */
function requestedScope(requested: string | undefined, claimed: string | undefined): string | undefined {
  if (requested === undefined || claimed === undefined) return requested ?? claimed
  const narrowed = parseScope(requested).filter((name) => parseScope(claimed).includes(name))
  if (narrowed.length > 0) return narrowed.join(' ')
  throw new OAuthError('invalid_scope', '"scope" requests nothing that the assertion allows')
}

async function issueForSubject(
  { userId, issuer, scope: claimed }: Subject,
  { params, client: presented, grant, context: { server } }: TokenRequest,
): Promise<Issue> {
  // RFC 7521, section 4.1: if no client is identified, the issuer of the assertion is used instead.
  const client: ClientRecord = presented.clientId === '' ? { clientId: issuer, redirectUris: [] } : presented
  const requested = requestedScope(params.get('scope'), claimed)
  const scope = grantedScope(requested, { grant, client, server, hasDetails: requestsDetails(params) })
  if (!(await (grant.site ?? server.site).isActive(userId, { client, scope })))
    throw new OAuthError('invalid_grant', 'this server does not accept the assertion')
  return {
    client,
    grantType: GRANT_TYPE,
    scope,
    requestedScope: params.get('scope'),
    userId,
    data: {},
    families: [crypto.randomUUID()],
    expiresIn: grant.expiresIn,
    // RFC 7521, section 4.1: a client that can get another assertion needs no refresh token.
    withRefreshToken: false,
    resources: requestedResources(params, client),
    isNarrowed: true,
    ...(await server.authorizationDetails.requested(params, client)),
  }
}
