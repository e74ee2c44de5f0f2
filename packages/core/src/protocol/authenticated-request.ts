import { createError } from '../errors/create-error.js'
import type { ClientAuthentication, ClientAuthenticationFunction } from './client-authentication.js'
import { type EndpointRules, sendToEndpoint } from './endpoint-request.js'
import { endpointUrl } from './endpoint-url.js'
import type { ProtocolContext } from './protocol-context.js'
import { withClientErrors } from './protocol-errors.js'
import type { Purpose } from './purpose.js'
import type { ServerMetadata } from './server-metadata.js'

/** One request to an endpoint at which the client authenticates. */
export interface AuthenticatedRequest {
  readonly endpoint: `${
    | 'token'
    | 'revocation'
    | 'introspection'
    | 'pushed_authorization_request'
    | 'device_authorization'
    | 'backchannel_authentication'}_endpoint`
  readonly purpose: Purpose
  /** The body, without what client authentication adds. */
  readonly parameters: URLSearchParams
  /** Default: `accept: application/json`. */
  readonly headers?: HeadersInit | undefined
  /** Compliance hook for the request, before client authentication. */
  readonly adaptRequest?: ((request: Request) => Request | Promise<Request>) | undefined
  /** Compliance hook for the response. */
  readonly adaptResponse?: ((response: Response) => Response | Promise<Response>) | undefined
  readonly onText?: EndpointRules['onText']
  /** Instead of the client's own method. */
  readonly clientAuth?: ClientAuthentication | undefined
  readonly signal?: AbortSignal | undefined
  /** Adds a DPoP proof if the option `dpop` is set. */
  readonly withProof?: boolean
}

/** Sends a request with client authentication and, if required, a DPoP proof. */
export function sendAuthenticatedRequest(
  context: ProtocolContext,
  metadata: ServerMetadata,
  request: AuthenticatedRequest,
): Promise<Response> {
  return withClientErrors(context, async () => {
    const { purpose, signal, clientAuth = context.options.clientAuth ?? 'none' } = request
    const authenticate = await authenticationMethod(context, clientAuth)
    const { clientId, clientSecret, dpop } = context.options
    const identity = { clientId, clientSecret, clockOffsetSeconds: clockCorrection(context) }
    const body = new URLSearchParams(request.parameters)
    if (!authenticate) body.set('client_id', clientId)
    const url = endpointUrl(context, metadata, request.endpoint)
    const send = (headers: Headers): Promise<Response> =>
      sendToEndpoint(
        context,
        url.href,
        { method: 'POST', headers, body },
        {
          purpose,
          signal,
          prepare: [request.adaptRequest, authenticate && ((finished) => authenticate(finished, metadata, identity))],
          adapt: request.adaptResponse,
          onText: request.onText,
        },
      )
    const headers = new Headers(request.headers ?? { accept: 'application/json' })
    if (headers.has('authorization')) throw createError('configuration', ['credentials'])
    if (!request.withProof || !dpop) return send(headers)
    const { sendWithProof } = await (await context.load()).dpop()
    return sendWithProof(context, { url, method: 'POST', headers }, send)
  })
}

/** Offset from the runtime's own clock to the server's: the times in assertions. */
function clockCorrection({ environment, clockOffsetSeconds }: ProtocolContext): number {
  return (environment.now() - Date.now()) / 1000 + clockOffsetSeconds()
}

async function authenticationMethod(
  context: ProtocolContext,
  clientAuth: ClientAuthentication,
): Promise<ClientAuthenticationFunction | undefined> {
  if (clientAuth === 'none') return undefined
  if (typeof clientAuth === 'function') return clientAuth
  const { namedMethod } = await (await context.load()).clientAuthentication()
  return namedMethod(context, clientAuth)
}
