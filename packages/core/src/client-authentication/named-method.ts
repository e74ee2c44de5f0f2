import { createError } from '../errors/create-error.js'
import type { ClientAuthenticationFunction } from '../protocol/client-authentication.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { secretJwt } from './assertion-methods.js'
import { secretBasic, secretPost } from './secret-methods.js'

const warned = new WeakSet<object>()

/**
 * Finds the method of a name: that of the option `clientAuthMethods`, else a registered one. Loaded lazily, so that public clients do
 * not pay for it.
 *
 * @throws ConfigurationError when the name is unknown or its secret is missing
 * @see RFC 7591, section 2
 */
export function namedMethod(context: ProtocolContext, name: string): ClientAuthenticationFunction {
  const { clientAuthMethods = {} } = context.options
  return (Object.hasOwn(clientAuthMethods, name) ? clientAuthMethods[name] : undefined) ?? registeredMethod(context, name)
}

function registeredMethod({ options, environment, logger }: ProtocolContext, name: string): ClientAuthenticationFunction {
  if (environment.window && !warned.has(options)) {
    warned.add(options)
    logger.warn(
      'a client secret in a page can be read by everybody who opens it: use a public client with PKCE (RFC 6749, section 2.1)',
    )
  }
  const create = new Map<string, (secret: string) => ClientAuthenticationFunction>([
    ['client_secret_basic', secretBasic],
    ['client_secret_post', secretPost],
    ['client_secret_jwt', secretJwt],
  ]).get(name)
  const { clientSecret } = options
  if (!create || !clientSecret) {
    throw createError('configuration', `The client authentication "${name}" ${create ? 'needs "clientSecret"' : 'is unknown'}.`, {
      hint: 'Pass a function of "@latchkey/core/client-auth" as "clientAuth", or a name of "clientAuthMethods", or omit it: a browser cannot keep a secret.',
      spec: 'RFC 6749, section 2.3',
    })
  }
  return create(clientSecret)
}
