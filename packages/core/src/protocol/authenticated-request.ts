import { type AuthorizationServer, type Client, type ClientAuth, type DPoPHandle, None } from 'oauth4webapi'
import { isRecord } from '../platform/is-record.js'
import type { ClientAuthentication, ClientAuthenticationFunction } from './client-authentication.js'
import { endpointOptions, type EndpointOptions, type EndpointRules } from './endpoint-request.js'
import { endpointUrl } from './endpoint-url.js'
import { authorizationServer, oauthClient } from './oauth4webapi.js'
import type { ProtocolContext } from './protocol-context.js'
import type { ProtocolOptions } from './protocol-options.js'
import { type Purpose, withClientErrors } from './protocol-errors.js'
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

/** The arguments of oauth4webapi's request functions. */
export interface RequestArguments {
  readonly server: AuthorizationServer
  readonly client: Client
  readonly authentication: ClientAuth
  readonly options: EndpointOptions & { readonly DPoP?: DPoPHandle }
}

/**
 * Sends a request with client authentication and, if required, a DPoP proof.
 *
 * @param send one of oauth4webapi's request functions; called again if the server requires a nonce in the proof
 */
export function sendAuthenticatedRequest(
  context: ProtocolContext,
  metadata: ServerMetadata,
  request: AuthenticatedRequest,
  send: (request: RequestArguments) => Promise<Response>,
): Promise<Response> {
  return withClientErrors(context, async () => {
    const { clientAuth = context.options.clientAuth ?? 'none', withProof = false } = request
    const authenticate = await authenticationMethod(context, clientAuth)
    const { clientId, clientSecret } = context.options
    const identity = { clientId, clientSecret, clockOffsetSeconds: clockCorrection(context) }
    const options = endpointOptions(context, endpointUrl(context, metadata, request.endpoint), {
      purpose: request.purpose,
      signal: request.signal,
      prepare: [request.adaptRequest, authenticate && ((finished) => authenticate(finished, metadata, identity))],
      adapt: request.adaptResponse,
      onText: request.onText,
    })
    const prepared = {
      server: authorizationServer(metadata),
      client: oauthClient(context),
      authentication: authenticate ? () => undefined : None(),
      options: withProof ? { ...options, ...(await dpopOption(context)) } : options,
    }
    return withProof ? withNonceRetry(context, () => send(prepared)) : send(prepared)
  })
}

/** Offset from the runtime's own clock to the server's: the times in assertions. */
function clockCorrection({ environment, clockOffsetSeconds }: ProtocolContext): number {
  return (environment.now() - Date.now()) / 1000 + clockOffsetSeconds()
}

/** @returns the function of a custom method; undefined for the registered names */
function customMethod(
  { clientAuthMethods = {} }: ProtocolOptions,
  method: ClientAuthentication,
): ClientAuthenticationFunction | undefined {
  if (typeof method === 'function') return method
  return Object.hasOwn(clientAuthMethods, method) ? clientAuthMethods[method] : undefined
}

const warned = new WeakSet<object>()

async function authenticationMethod(
  { options, environment, logger, load }: ProtocolContext,
  clientAuth: ClientAuthentication,
): Promise<ClientAuthenticationFunction | undefined> {
  if (clientAuth === 'none') return undefined
  const custom = customMethod(options, clientAuth)
  if (custom) return custom
  if (environment.window && !warned.has(options)) {
    warned.add(options)
    logger.warn(
      'a client secret in a page can be read by everybody who opens it: use a public client with PKCE (RFC 6749, section 2.1)',
    )
  }
  const { namedMethod } = await (await load()).clientAuthentication()
  return namedMethod(clientAuth as string, options.clientSecret)
}

/** @returns the option of oauth4webapi's request functions that adds a proof; nothing if `dpop` is off */
export async function dpopOption(context: ProtocolContext): Promise<{ readonly DPoP?: DPoPHandle }> {
  if (!context.options.dpop) return {}
  const { dpopHandle } = await (await context.load()).dpop()
  return { DPoP: await dpopHandle(context) }
}

/**
 * Repeats a request once if the server requires a nonce in the proof; oauth4webapi has taken it from the response.
 *
 * @see RFC 9449, section 8
 */
export async function withNonceRetry({ options }: ProtocolContext, send: () => Promise<Response>): Promise<Response> {
  const response = await send()
  return options.dpop && (await requiresNonce(response)) ? send() : response
}

async function requiresNonce(response: Response): Promise<boolean> {
  if (response.ok || !response.headers.has('dpop-nonce')) return false
  if (response.headers.get('www-authenticate')?.includes('use_dpop_nonce')) return true
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined)
  return isRecord(body) && body['error'] === 'use_dpop_nonce'
}
