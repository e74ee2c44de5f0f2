import { decodeJwt, type JWTPayload } from 'jose'
import { asksForDetails, requestedDetails } from '../../features/rar/requested-details.js'
import { OAuthError } from '../../http/oauth-error.js'
import type { ClientRecord } from '../../storage/client-store.js'
import { ASSERTION_ALGORITHMS, keysOf, verifyAssertion, type KeySource } from '../assertion.js'
import type { Issue } from '../issue-tokens.js'
import { grantBase, type Grant, type GrantOptions, type TokenRequest } from './grant.js'
import { grantedScope } from './granted-scope.js'
import { requestedResources } from './requested-resources.js'

/** Somebody whose word about a person, or about themselves, is taken. */
export interface TrustedIssuer extends KeySource {
  readonly issuer: string
  /** Default: RS256, PS256, ES256, ES384, EdDSA. */
  readonly algorithms?: readonly string[]
  /** Whom the assertion is about here; default its `sub`. Undefined refuses it. */
  readonly userId?: (claims: JWTPayload) => string | undefined | Promise<string | undefined>
}

export interface JwtBearerOptions extends GrantOptions {
  readonly trustedIssuers: readonly TrustedIssuer[]
}

/** JWTs as authorization grants: service accounts, and people known by another issuer's word. @see RFC 7523, section 2.1 */
export function jwtBearer(options: JwtBearerOptions): Grant {
  const byIssuer = new Map(options.trustedIssuers.map((trusted) => [trusted.issuer, trusted]))
  return {
    ...grantBase(options),
    grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    isClientOptional: true,
    async handle(request) {
      const assertion = request.params.get('assertion')
      if (assertion === undefined) throw new OAuthError('invalid_request', '"assertion" is missing')
      return issueForSubject(await subjectOf(assertion, byIssuer, request), request)
    },
  }
}

/** Whom an assertion is about, by whose word. */
interface Subject {
  readonly userId: string
  readonly issuer: string
}

async function subjectOf(
  assertion: string,
  byIssuer: ReadonlyMap<string, TrustedIssuer>,
  { exchange: { server } }: TokenRequest,
): Promise<Subject> {
  try {
    // Read before it is checked, to find out whose keys to check it with; nothing else of it is believed.
    const trusted = byIssuer.get(decodeJwt(assertion).iss ?? '')
    const key = trusted && keysOf(trusted, server)
    if (!trusted || !key) throw new TypeError('the issuer is not trusted')
    const { issuer, algorithms = ASSERTION_ALGORITHMS } = trusted
    const claims = await verifyAssertion(assertion, { issuer, algorithms, key, server, needsJti: false })
    const userId = trusted.userId ? await trusted.userId(claims) : claims.sub
    if (userId === undefined) throw new TypeError('the subject is not known')
    return { userId, issuer }
  } catch (cause) {
    throw new OAuthError('invalid_grant', 'the assertion is not one that this server takes', { cause })
  }
}

async function issueForSubject(
  { userId, issuer }: Subject,
  { params, client: presented, grant, exchange: { server } }: TokenRequest,
): Promise<Issue> {
  // RFC 7521, section 4.1: where no client is named, the issuer of the assertion stands in its place.
  const client: ClientRecord = presented.clientId === '' ? { clientId: issuer, redirectUris: [] } : presented
  return {
    client,
    grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    scope: grantedScope(params.get('scope'), { grant, client, server, hasDetails: asksForDetails(params) }),
    requestedScope: params.get('scope'),
    userId,
    data: {},
    families: [crypto.randomUUID()],
    expiresIn: grant.expiresIn,
    // RFC 7521, section 4.1: whoever can make an assertion needs no refresh token.
    withRefreshToken: false,
    ...requestedResources(params),
    ...(await requestedDetails(params, { client, server })),
  }
}
