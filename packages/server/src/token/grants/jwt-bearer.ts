import { decodeJwt, type JWTPayload } from 'jose'
import { OAuthError } from '../../http/oauth-error.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { ASSERTION_ALGORITHMS, keysOf, verifyAssertion, type KeySource } from '../assertion.js'
import { requestsDetails } from '../authorization-details-support.js'
import type { Issue } from '../issue.js'
import { grantBase, type Grant, type GrantOptions, type TokenRequest } from './grant.js'
import { grantedScope } from './granted-scope.js'
import { requestedResources } from './requested-resources.js'

/** An issuer whose assertions are accepted. */
export interface TrustedIssuer extends KeySource {
  /** Compared with the `iss` of the assertion. */
  readonly issuer: string
  /** Default: RS256, PS256, ES256, ES384, EdDSA. */
  readonly algorithms?: readonly string[]
  /** Returns the user that an assertion is about; default its `sub`. Undefined refuses the assertion. */
  readonly userId?: (claims: JWTPayload) => string | undefined | Promise<string | undefined>
}

/** Options of {@link jwtBearer}. */
export interface JwtBearerOptions extends GrantOptions {
  /** The issuers whose assertions are accepted. */
  readonly trustedIssuers: readonly TrustedIssuer[]
}

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Creates the JWT bearer grant: for service accounts, and for users that another issuer has authenticated. @see RFC 7523, section 2.1 */
export function jwtBearer(options: JwtBearerOptions): Grant {
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
    return { userId, issuer }
  } catch (cause) {
    throw new OAuthError('invalid_grant', 'this server does not accept the assertion', { cause })
  }
}

async function issueForSubject(
  { userId, issuer }: Subject,
  { params, client: presented, grant, context: { server } }: TokenRequest,
): Promise<Issue> {
  // RFC 7521, section 4.1: if no client is identified, the issuer of the assertion is used instead.
  const client: ClientRecord = presented.clientId === '' ? { clientId: issuer, redirectUris: [] } : presented
  return {
    client,
    grantType: GRANT_TYPE,
    scope: grantedScope(params.get('scope'), { grant, client, server, hasDetails: requestsDetails(params) }),
    requestedScope: params.get('scope'),
    userId,
    data: {},
    families: [crypto.randomUUID()],
    expiresIn: grant.expiresIn,
    // RFC 7521, section 4.1: a client that can get another assertion needs no refresh token.
    withRefreshToken: false,
    resources: requestedResources(params),
    ...(await server.authorizationDetails.requested(params, client)),
  }
}
