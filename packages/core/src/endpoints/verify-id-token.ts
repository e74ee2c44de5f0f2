import { decodeJwt } from 'jose/jwt/decode'
import { createError } from '../errors/create-error.js'
import { type OptionNames, refuseUnknownOptions } from '../errors/unknown-options.js'
import { contextOf, type GrantSubject, withTypedErrors } from '../grants/grant-subject.js'
import type { IdTokenClaims } from '../protocol/claims.js'
import { checkIdToken, withRightClock } from '../protocol/id-token.js'
import { checkHash } from '../protocol/check-claim.js'
import { decrypted } from '../protocol/id-token-checks.js'
import { loadServer } from '../protocol/load-server.js'

/** What an ID token is checked against, besides the client and the server's metadata. */
export interface VerifyIdTokenOptions {
  /** Of the authorization request. Default: not compared. */
  readonly nonce?: string | undefined
  /** Compared with `at_hash`, if the ID token has it. */
  readonly accessToken?: string | undefined
  /** Compared with `c_hash`, if the ID token has it. */
  readonly code?: string | undefined
  /** The user that it must be for. */
  readonly subject?: string | undefined
  /** Seconds; `auth_time` is required and compared. */
  readonly maxAge?: number | undefined
  /** Aborts requests for metadata and keys. */
  readonly signal?: AbortSignal | undefined
}

const OPTIONS: OptionNames<VerifyIdTokenOptions> = {
  nonce: 'string',
  accessToken: 'string',
  code: 'string',
  subject: 'string',
  maxAge: 'number',
  signal: 'signal',
}

/**
 * Verifies an ID token that the app received itself: signature by a key of the server, issuer, audience, times and what the options
 * name. The session of the client does not change.
 *
 * @returns its claims
 * @throws ConfigurationError for an unknown option, in production too: the check that it names would be skipped; ValidationError invalid_id_token, invalid_metadata, invalid_jwks; NetworkError if metadata or keys had to be fetched
 * @see OpenID Connect Core 1.0, section 3.1.3.7
 */
export function verifyIdToken(
  subject: GrantSubject,
  idToken: string,
  options: VerifyIdTokenOptions = {},
): Promise<IdTokenClaims> {
  return withTypedErrors(async () => {
    refuseUnknownOptions('verifyIdToken()', options, OPTIONS)
    const { code, signal, ...expectation } = options
    const context = contextOf(subject, 'The client of verifyIdToken()')
    if (typeof idToken !== 'string' || idToken === '')
      throw createError('invalid_id_token', 'There is no ID token to verify.', { hint: 'Pass the ID token as a string.' })

    const server = await loadServer(context, { keys: true, signal })
    const signed = await decrypted(context, idToken)
    // Without a nonce to compare, the token may have one.
    const expected = { ...expectation, nonce: expectation.nonce ?? nonceOf(signed) }
    const claims = await withRightClock(context, (right) => checkIdToken(right, server, signed, expected))
    await checkHash(claims['c_hash'], code, context.options.idTokenSignedResponseAlg ?? 'RS256', 'c_hash')
    return claims
  }, subject)
}

/** @returns undefined if it has none, or is not a JWT: its check says so */
function nonceOf(idToken: string): string | undefined {
  try {
    const { nonce } = decodeJwt(idToken)
    return typeof nonce === 'string' ? nonce : undefined
  } catch {
    return undefined
  }
}
