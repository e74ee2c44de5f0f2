import { None } from 'oauth4webapi'
import type { ClientAuth } from 'oauth4webapi'
import type { ServerMetadata } from '../server-metadata.js'
import { endpointOptions } from './endpoint-request.js'
import type { EndpointOptions } from './endpoint-request.js'
import { endpointUrl } from './oauth-parties.js'
import { tokenEndpoint } from './protocol-errors.js'
import type { Purpose } from './protocol-errors.js'
import type { ProtocolContext } from './protocol.js'

export interface RequestHooks {
  readonly request?: ((request: Request) => Request | Promise<Request>) | undefined
  readonly response?: ((response: Response) => Response | Promise<Response>) | undefined
  readonly purpose?: Purpose
  readonly signal?: AbortSignal | undefined
}

/** What every request takes that the client authenticates at. */
export interface AuthenticatedRequest {
  readonly authentication: ClientAuth
  readonly options: EndpointOptions
}

/** @returns how to send a request to an endpoint at which the client shows who it is */
export function authenticatedRequest(
  context: ProtocolContext,
  metadata: ServerMetadata,
  endpoint: 'token_endpoint' | 'revocation_endpoint' | 'introspection_endpoint',
  hooks: RequestHooks,
): AuthenticatedRequest {
  const { clientAuth = 'none', clientId } = context.options
  const isFunction = typeof clientAuth === 'function'
  const authenticate = isFunction ? (request: Request) => clientAuth(request, metadata, { clientId }) : undefined
  return {
    authentication: isFunction ? () => undefined : None(),
    options: endpointOptions(context, endpointUrl(context, metadata, endpoint), {
      purpose: hooks.purpose ?? tokenEndpoint,
      signal: hooks.signal,
      prepare: [hooks.request, authenticate],
      adapt: hooks.response,
    }),
  }
}
