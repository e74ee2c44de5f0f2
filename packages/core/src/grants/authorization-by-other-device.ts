import { createError } from '../errors/create-error.js'
import { readJsonObject } from '../protocol/json-response.js'
import type { JsonObject } from '../protocol/json-response.js'
import { loadServer } from '../protocol/load-server.js'
import { authorizationServer, oauthClient } from '../protocol/oauth-parties.js'
import { toClientError } from '../protocol/protocol-errors.js'
import type { Purpose } from '../protocol/protocol-errors.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { setParameters } from '../protocol/parameters.js'
import { authenticatedRequest } from '../protocol/token-request.js'
import type { AuthenticatedRequest } from '../protocol/token-request.js'
import type { GrantOptions } from './request-grant.js'

type Party = readonly [ReturnType<typeof authorizationServer>, ReturnType<typeof oauthClient>]

export interface BackChannelRequest extends GrantOptions {
  readonly endpoint: 'device_authorization_endpoint' | 'backchannel_authentication_endpoint'
  readonly purpose: Purpose
  readonly parameters: Parameters<typeof setParameters>[1]
  readonly send: (party: Party, request: AuthenticatedRequest, parameters: URLSearchParams) => Promise<Response>
}

/**
 * Sends the request that lets a user approve a sign-in on another device.
 *
 * @returns the members of the response
 * @throws ConfigurationError unsupported; ServerError authorization_error; NetworkError; ValidationError invalid_response
 */
export async function requestDecision(context: ProtocolContext, request: BackChannelRequest): Promise<JsonObject> {
  try {
    const { endpoint, purpose, scope, signal, clientAuth } = request
    const { metadata } = await loadServer(context, { keys: false, signal })
    if (metadata[endpoint] === undefined) {
      throw createError('unsupported', `The server has no ${purpose.name}.`, {
        hint: 'Turn the grant on at the server, or pass the URL of the endpoint in "server".',
        spec: purpose.spec,
      })
    }
    const authenticated = await authenticatedRequest(context, metadata, endpoint, { purpose, signal, clientAuth })
    const parameters = new URLSearchParams()
    setParameters(parameters, { scope, resource: request.resources, ...request.parameters, ...request.params })
    const response = await request.send([authorizationServer(metadata), oauthClient(context)], authenticated, parameters)
    return await readJsonObject(response, purpose)
  } catch (error) {
    throw toClientError(error)
  }
}

/** @throws ValidationError invalid_response */
export function requiredMember(body: JsonObject, name: string, purpose: Purpose): string {
  const value = body[name]
  if (typeof value !== 'string' || value === '') {
    throw createError('invalid_response', `The response of the ${purpose.name} has no "${name}".`, {
      hint: `Check that the URL is that of the ${purpose.name}. The server must send "${name}".`,
      spec: purpose.spec,
    })
  }
  return value
}

/** @returns `value` if it is a positive number or its text, otherwise `fallback` */
export function secondsOf(value: unknown, fallback: number): number {
  const number = Number(value)
  return value !== null && number > 0 && Number.isFinite(number) ? number : fallback
}
