import { SignJWT } from 'jose'
import { defined } from '../options/defined.js'
import type { KeyRing } from './key-ring.js'
import { randomGenerator, type TokenGenerator, type TokenRequestDetails } from './token-generator.js'

export interface JwtGeneratorOptions {
  /** Whom tokens are for where the client named no resource. Default: the issuer. */
  readonly audience?: string
  /** Default RS256, or that of the server's first key. */
  readonly alg?: string
}

/**
 * @returns a generator of JWT access tokens, signed with the server's own keys, so that a resource server can check them by
 * itself; codes and refresh tokens stay random. They can still be revoked where `verifyRequest` or introspection is asked.
 * @see RFC 9068, section 2
 */
export function jwtGenerator(options: JwtGeneratorOptions = {}): TokenGenerator {
  const random = randomGenerator()
  return {
    generate: (details) => (details.kind === 'access_token' ? signAccessToken(details, options) : random.generate(details)),
  }
}

async function signAccessToken({ issuer, record, keys }: TokenRequestDetails, options: JwtGeneratorOptions): Promise<string> {
  if (!record || !keys) throw new TypeError('jwtGenerator: an access token needs its record and the keys of the server')
  const { key, kid, alg } = await (keys satisfies KeyRing).signingKey(options.alg)
  const { clientId, userId, scope, authTime, acr, amr, dpopJkt, resources, issuedAt, expiresAt, data, authorizationDetails } =
    record
  const claims = defined({
    client_id: clientId,
    scope: scope.join(' '),
    auth_time: authTime,
    acr,
    amr,
    cnf: dpopJkt === undefined ? undefined : { jkt: dpopJkt },
    act: data['act'],
    authorization_details: authorizationDetails,
  })
  const token = new SignJWT(claims)
    .setProtectedHeader({ alg, kid, typ: 'at+jwt' })
    .setIssuer(issuer)
    // RFC 9068, section 2.2: where no person is involved, the subject is the client.
    .setSubject(userId ?? clientId)
    .setAudience(resources && resources.length > 0 ? [...resources] : (options.audience ?? issuer))
    .setIssuedAt(Math.floor(issuedAt / 1000))
    .setJti(crypto.randomUUID())
  if (expiresAt !== undefined) token.setExpirationTime(Math.floor(expiresAt / 1000))
  return token.sign(key)
}
