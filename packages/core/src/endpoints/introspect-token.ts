import { type OptionNames, refuseOtherKind, refuseUnknownOptions } from '../errors/unknown-options.js'
import { contextOf, type GrantSubject, withTypedErrors } from '../grants/grant-subject.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { introspect, type Introspection, type IntrospectionOptions } from '../protocol/introspection.js'

const OPTIONS: OptionNames<IntrospectionOptions> = {
  token: 'string',
  tokenTypeHint: 'string',
  params: 'object',
  headers: 'object | list',
  clientAuth: 'string | function',
  signal: 'signal',
}

/**
 * Asks the server whether a token is valid and what it is for. Only clients that authenticate can use it, so pages cannot.
 *
 * @throws ConfigurationError unsupported; SessionError missing_token; ServerError introspection_error; NetworkError
 * @see RFC 7662; RFC 9701 for signed responses
 */
export function introspectToken(subject: GrantSubject, options: IntrospectionOptions = {}): Promise<Introspection> {
  return withTypedErrors(async () => {
    if (IS_DEVELOPMENT) refuseUnknownOptions('introspectToken()', options, OPTIONS)
    refuseOtherKind('introspectToken()', 'client', [subject, 'object', 'required'])
    const session = 'getTokenSet' in subject ? subject.getTokenSet() : undefined
    return introspect(
      contextOf(subject, 'The client of introspectToken()'),
      options.token ?? session?.refreshToken ?? session?.accessToken,
      options,
    )
  }, subject)
}
