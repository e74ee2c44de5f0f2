import { None } from 'oauth4webapi'
import type { ClientAuth } from 'oauth4webapi'
import type { ClientAuthentication, ClientAuthenticationFunction } from './client-authentication.js'
import type { ServerMetadata } from './server-metadata.js'
import { endpointOptions } from './endpoint-request.js'
import type { EndpointOptions } from './endpoint-request.js'
import { endpointUrl } from './oauth-parties.js'
import { tokenEndpoint } from './protocol-errors.js'
import type { Purpose } from './protocol-errors.js'
import type { ProtocolContext } from './protocol-context.js'

export interface RequestHooks {
  readonly request?: ((request: Request) => Request | Promise<Request>) | undefined
  readonly response?: ((response: Response) => Response | Promise<Response>) | undefined
  readonly purpose?: Purpose
  readonly signal?: AbortSignal | undefined
  /** Another way of client authentication than the client's own. */
  readonly clientAuth?: ClientAuthentication | undefined
}

/** What every request takes that the client authenticates at. */
export interface AuthenticatedRequest {
  readonly authentication: ClientAuth
  readonly options: EndpointOptions
}

type AuthenticatedEndpoint = `${
  | 'token'
  | 'revocation'
  | 'introspection'
  | 'pushed_authorization_request'
  | 'device_authorization'
  | 'backchannel_authentication'}_endpoint`

/** @returns how to send a request to an endpoint at which the client shows who it is */
export async function authenticatedRequest(
  context: ProtocolContext,
  metadata: ServerMetadata,
  endpoint: AuthenticatedEndpoint,
  hooks: RequestHooks = {},
): Promise<AuthenticatedRequest> {
  const method = await methodOf(context, hooks.clientAuth ?? context.options.clientAuth ?? 'none')
  const client = { clientId: context.options.clientId, clockOffsetSeconds: clockCorrection(context) }
  return {
    authentication: method ? () => undefined : None(),
    options: endpointOptions(context, endpointUrl(context, metadata, endpoint), {
      purpose: hooks.purpose ?? tokenEndpoint,
      signal: hooks.signal,
      prepare: [hooks.request, method && ((request) => method(request, metadata, client))],
      adapt: hooks.response,
    }),
  }
}

/** From the runtime's own clock to the server's: assertions are dated by it. */
function clockCorrection({ environment, clockOffsetSeconds }: ProtocolContext): number {
  return (environment.now() - Date.now()) / 1000 + clockOffsetSeconds()
}

const warned = new WeakSet<object>()

async function methodOf(
  { options, environment, logger }: ProtocolContext,
  clientAuth: ClientAuthentication,
): Promise<ClientAuthenticationFunction | undefined> {
  if (clientAuth === 'none' || typeof clientAuth === 'function') {
    return clientAuth === 'none' ? undefined : clientAuth
  }
  if (environment.window && !warned.has(options)) {
    warned.add(options)
    logger.warn(
      'a client secret in a page can be read by everybody who opens it: use a public client with PKCE (RFC 6749, section 2.1)',
    )
  }
  const { namedMethod } = await import('../client-authentication/named-method.js')
  return namedMethod(clientAuth, options.clientSecret)
}
