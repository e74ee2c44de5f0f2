import { type OptionNames, refuseOtherKind, refuseUnknownOptions } from '../errors/unknown-options.js'
import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import type { ClientAuthenticationFunction } from '../protocol/client-authentication.js'
import { type AssertionOptions, keyJwt, type PrivateKeyJwtOptions, secretJwt } from './assertion-methods.js'
import { type BasicOptions, secretBasic, secretPost } from './secret-methods.js'

// The public methods: they check their arguments. Clients load the methods by name without the checks.

const ASSERTION_OPTIONS: OptionNames<AssertionOptions> = {
  alg: 'string',
  audience: 'string',
  claims: 'object',
  header: 'object',
  lifetime: 'number',
}

/**
 * Creates `client_secret_basic`: id and secret in the `Authorization` header.
 *
 * @param options `rawBasic` skips the form-encoding of the two halves, for servers that do not decode them
 * @throws ConfigurationError for a secret that is no text; in development, for an unknown option
 * @see RFC 6749, section 2.3.1 and Appendix B
 */
export function clientSecretBasic(
  clientSecret: string,
  options: { readonly rawBasic?: boolean | undefined } = {},
): ClientAuthenticationFunction {
  if (IS_DEVELOPMENT)
    check('clientSecretBasic()', clientSecret, [options, { rawBasic: 'boolean' } satisfies OptionNames<BasicOptions>])
  requireSecret('clientSecretBasic()', clientSecret)
  requireKind('clientSecretBasic()', 'object', options)
  return secretBasic(clientSecret, options)
}

/**
 * Creates `client_secret_post`: id and secret in the body.
 *
 * @throws ConfigurationError for a secret that is no text
 * @see RFC 6749, section 2.3.1
 */
export function clientSecretPost(clientSecret: string): ClientAuthenticationFunction {
  if (IS_DEVELOPMENT) check('clientSecretPost()', clientSecret)
  requireSecret('clientSecretPost()', clientSecret)
  return secretPost(clientSecret)
}

/**
 * Creates `private_key_jwt`: the client signs with its private key, with RS256 unless `alg` is given.
 *
 * @throws ConfigurationError in development, for an unknown option
 * @see RFC 7523, sections 2.2 and 3; OpenID Connect Core 1.0, section 9
 */
export function privateKeyJwt(options: PrivateKeyJwtOptions): ClientAuthenticationFunction {
  if (IS_DEVELOPMENT) {
    const names: OptionNames<PrivateKeyJwtOptions> = { ...ASSERTION_OPTIONS, key: 'object | string', kid: 'string' }
    refuseUnknownOptions('privateKeyJwt()', options, names, 'required')
  }
  requireKind('privateKeyJwt()', 'object', options)
  return keyJwt(options)
}

/**
 * Creates `client_secret_jwt`: the client signs with its secret, with HS256 unless `alg` is given.
 *
 * @throws ConfigurationError for a secret that is no text; in development, for an unknown option
 * @see RFC 7523, sections 2.2 and 3; OpenID Connect Core 1.0, section 9
 */
export function clientSecretJwt(clientSecret: string, options: AssertionOptions = {}): ClientAuthenticationFunction {
  if (IS_DEVELOPMENT) check('clientSecretJwt()', clientSecret, [options, ASSERTION_OPTIONS])
  requireSecret('clientSecretJwt()', clientSecret)
  requireKind('clientSecretJwt()', 'object', options)
  return secretJwt(clientSecret, options)
}

/** An environment variable that is not set must not become the secret "undefined". */
function requireSecret(where: string, clientSecret: string): void {
  requireKind(where, 'string', clientSecret || undefined)
}

function check(
  where: string,
  clientSecret: unknown,
  [options, names]: readonly [options?: unknown, names?: Readonly<Record<string, string | true>>] = [],
): void {
  refuseOtherKind(where, 'clientSecret', [clientSecret, 'string', 'filled'])
  refuseUnknownOptions(where, options, names ?? {})
}
