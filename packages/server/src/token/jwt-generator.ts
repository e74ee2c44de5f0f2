import type { KeyRing } from './key-ring.js'
import { signJwt } from './sign-jwt.js'
import { randomGenerator, type TokenGenerator, type TokenRequestDetails } from './token-generator.js'
import { checkMembers, type MembersOf } from '../options/check-members.js'

/** Options of {@link jwtGenerator}. */
export interface JwtGeneratorOptions {
  /** The audience of tokens if the client named no resource. Default: the issuer. */
  readonly audience?: string | undefined
  /** The algorithm of the signature. Default RS256, or that of the server's first key. */
  readonly alg?: string | undefined
}

/**
 * Creates a generator of JWT access tokens, signed with the server's keys, so that a resource server can verify them itself. Codes and
 * refresh tokens stay random. Revocation is visible to `verifyRequest` and introspection only. @see RFC 9068, section 2
 */
export function jwtGenerator(options: JwtGeneratorOptions = {}): TokenGenerator {
  checkMembers(options, { audience: true, alg: true } satisfies MembersOf<JwtGeneratorOptions>, { name: 'jwtGenerator' })
  const random = randomGenerator()
  return {
    generate: (details) => (details.kind === 'access_token' ? signAccessToken(details, options) : random.generate(details)),
  }
}

async function signAccessToken({ issuer, record, keys }: TokenRequestDetails, options: JwtGeneratorOptions): Promise<string> {
  if (!record || !keys) throw new TypeError('jwtGenerator: an access token needs its record and the keys of the server')
  const signingKey = await (keys satisfies KeyRing).signingKey(options.alg)
  const { clientId, userId, scope, authTime, acr, amr, dpopJkt, resources, issuedAt, expiresAt, data, authorizationDetails } =
    record
  const claims = {
    iss: issuer,
    // RFC 9068, section 2.2: without a user, the subject is the client.
    sub: userId ?? clientId,
    aud: resources && resources.length > 0 ? [...resources] : (options.audience ?? issuer),
    iat: Math.floor(issuedAt / 1000),
    exp: expiresAt === undefined ? undefined : Math.floor(expiresAt / 1000),
    jti: crypto.randomUUID(),
    client_id: clientId,
    scope: scope.join(' '),
    auth_time: authTime,
    acr,
    amr,
    cnf: dpopJkt === undefined ? undefined : { jkt: dpopJkt },
    act: data['act'],
    authorization_details: authorizationDetails,
  }
  return signJwt(claims, signingKey, 'at+jwt')
}
