import { createError } from '../errors/create-error.js'
import { type JsonObject, sendAuthenticatedRequest, setParameters } from '../protocol/endpoint-request.js'
import { readJsonObject } from '../protocol/read-json-object.js'
import { loadServer } from '../protocol/load-server.js'
import type { Parameters } from '../protocol/protocol-options.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { withClientErrors } from '../protocol/protocol-errors.js'
import type { Purpose } from '../protocol/purpose.js'
import type { GrantRequestOptions } from './request-grant.js'

/** One request to an endpoint that lets the user approve on another device. */
export interface ApprovalRequest extends GrantRequestOptions {
  readonly endpoint: 'device_authorization_endpoint' | 'backchannel_authentication_endpoint'
  readonly purpose: Purpose
  readonly parameters: Parameters
}

/**
 * Sends the request that lets a user approve a sign-in on another device.
 *
 * @returns the members of the response
 * @throws ConfigurationError unsupported; ServerError authorization_error; NetworkError; ValidationError invalid_response
 */
export function requestApproval(context: ProtocolContext, request: ApprovalRequest): Promise<JsonObject> {
  return withClientErrors(context, () => sendApprovalRequest(context, request))
}

async function sendApprovalRequest(context: ProtocolContext, request: ApprovalRequest): Promise<JsonObject> {
  const { endpoint, purpose, scope, signal, clientAuth } = request
  const { metadata } = await loadServer(context, { keys: false, signal })
  if (metadata[endpoint] === undefined) {
    throw createError('unsupported', `The server has no ${purpose.name}.`, {
      hint: 'Turn the grant on at the server, or pass the URL of the endpoint in "server".',
      spec: purpose.spec,
    })
  }
  const parameters = new URLSearchParams()
  setParameters(parameters, { scope, resource: request.resources, ...request.parameters, ...request.params })
  parameters.set('client_id', context.options.clientId)
  const response = await sendAuthenticatedRequest(context, metadata, { endpoint, purpose, parameters, signal, clientAuth })
  return readJsonObject(response, purpose)
}

/** @throws ValidationError invalid_response */
export function requiredMember(body: JsonObject, name: string, purpose: Purpose): string {
  const value = body[name]
  if (typeof value === 'string' && value !== '') return value
  throw createError('invalid_response', `The response of the ${purpose.name} has no "${name}".`, {
    hint: `Check that the URL is that of the ${purpose.name}. The server must send "${name}".`,
    spec: purpose.spec,
  })
}

/** Thirty days. */
const MAX_SECONDS = 2_592_000

/** @returns `value` if it is a positive number or its text (at most thirty days), otherwise `fallback` */
export function secondsOf(value: unknown, fallback: number): number {
  const number = Number(value)
  return value !== null && number > 0 && Number.isFinite(number) ? Math.min(number, MAX_SECONDS) : fallback
}
