import type { ClientAuthentication } from './client-authentication.js'
import type { ProtocolContext } from './protocol-context.js'
import type { ServerMetadata } from './server-metadata.js'

/**
 * Binds a method of client authentication to one request. A public client never loads it.
 *
 * @returns adds the credentials to the finished request
 * @throws ConfigurationError when the name is unknown or its secret is missing
 */
export async function authentication(
  context: ProtocolContext,
  metadata: ServerMetadata,
  clientAuth: ClientAuthentication,
): Promise<(request: Request) => Request | Promise<Request>> {
  const { clientId, clientSecret } = context.options
  const method =
    typeof clientAuth === 'function'
      ? clientAuth
      : (await (await context.load()).clientAuthentication()).namedMethod(context, clientAuth)
  const identity = { clientId, clientSecret, clockOffsetSeconds: clockCorrection(context) }
  return (request) => method(request, metadata, identity)
}

/** Offset from the runtime's own clock to the server's: the times in assertions. */
function clockCorrection({ environment, clockOffsetSeconds }: ProtocolContext): number {
  return (environment.now() - Date.now()) / 1000 + clockOffsetSeconds()
}
