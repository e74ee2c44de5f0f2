import { createError } from '../errors/create-error.js'
import type { ClientAuthenticationFunction } from '../protocol/client-authentication.js'
import { secretJwt } from './assertion-methods.js'
import { secretBasic, secretPost } from './secret-methods.js'

/**
 * Creates the method of a registered name. Loaded lazily, so that public clients do not pay for it.
 *
 * @throws ConfigurationError when the name is unknown or its secret is missing
 * @see RFC 7591, section 2
 */
export function namedMethod(name: string, clientSecret: string | undefined): ClientAuthenticationFunction {
  const create = new Map<string, (secret: string) => ClientAuthenticationFunction>([
    ['client_secret_basic', secretBasic],
    ['client_secret_post', secretPost],
    ['client_secret_jwt', secretJwt],
  ]).get(name)
  if (!create || !clientSecret) {
    throw createError('configuration', `The client authentication "${name}" ${create ? 'needs "clientSecret"' : 'is unknown'}.`, {
      hint: 'Pass a function of "@latchkey/core/client-auth" as "clientAuth", or a name of "clientAuthMethods", or omit it: a browser cannot keep a secret.',
      spec: 'RFC 6749, section 2.3',
    })
  }
  return create(clientSecret)
}
