import { decodeProtectedHeader } from 'jose'
import { issueRequestObject, pushedAuthorizationRequest } from 'oauth4webapi'
import { createError } from '../errors/create-error.js'
import { sendAuthenticatedRequest } from './authenticated-request.js'
import { readJsonObject } from './json-response.js'
import { authorizationServer, oauthClient } from './oauth4webapi.js'
import { setParameters } from './parameters.js'
import type { ProtocolContext } from './protocol-context.js'
import type { Purpose } from './protocol-errors.js'
import type { RequestObjectOptions } from './protocol-options.js'
import type { ServerMetadata } from './server-metadata.js'
import { checkAlgorithm, isPushed } from './server-support.js'

const PAR_ENDPOINT: Purpose = {
  name: 'pushed authorization request endpoint',
  invalid: 'invalid_response',
  refused: 'authorization_error',
  spec: 'RFC 9126, section 2',
}

/**
 * Signs an authorization request (JAR), pushes it to the server (PAR), or both.
 *
 * @param url the authorization request with all its parameters
 * @returns the URL to navigate to instead
 * @see RFC 9101, section 5; RFC 9126, section 2
 */
export async function signOrPushRequest(context: ProtocolContext, metadata: ServerMetadata, url: URL): Promise<URL> {
  const { target, parameters } = split(metadata, url)
  const { requestObject, clientId, par } = context.options
  const signed = requestObject ? await signRequest(context, metadata, parameters, requestObject) : parameters
  if (isPushed(par, metadata)) {
    const requestUri = await pushRequest(context, metadata, signed)
    setParameters(target.searchParams, { client_id: clientId, request_uri: requestUri })
    return target
  }
  setParameters(target.searchParams, {
    ...Object.fromEntries(signed),
    // A server with OpenID Connect only requires these outside of the request object too (OpenID Connect Core 1.0, section 6.1).
    response_type: parameters.get('response_type'),
    scope: parameters.get('scope') ?? undefined,
  })
  return target
}

/** Separates the endpoint's own query, which stays in the URL, from the parameters of the request. */
function split(metadata: ServerMetadata, url: URL): { readonly target: URL; readonly parameters: URLSearchParams } {
  const target = new URL(url)
  target.search = new URL(metadata.authorization_endpoint ?? url).search
  const own = new Set([...target.searchParams].map(([name, value]) => `${name}=${value}`))
  return {
    target,
    parameters: new URLSearchParams([...url.searchParams].filter(([name, value]) => !own.has(`${name}=${value}`))),
  }
}

async function signRequest(
  context: ProtocolContext,
  metadata: ServerMetadata,
  parameters: URLSearchParams,
  { key, kid, publish }: RequestObjectOptions,
): Promise<URLSearchParams> {
  const signing = kid === undefined ? key : { key, kid }
  const jwt = await issueRequestObject(authorizationServer(metadata), oauthClient(context), parameters, signing)
  checkAlgorithm(metadata, 'request_object', decodeProtectedHeader(jwt).alg ?? '', 'Give a key for one in "requestObject"')
  const byReferenceOrValue = publish ? { request_uri: await publish(jwt) } : { request: jwt }
  return new URLSearchParams({ client_id: context.options.clientId, ...byReferenceOrValue })
}

async function pushRequest(context: ProtocolContext, metadata: ServerMetadata, parameters: URLSearchParams): Promise<string> {
  const request = { endpoint: 'pushed_authorization_request_endpoint', purpose: PAR_ENDPOINT, withProof: true } as const
  const response = await sendAuthenticatedRequest(context, metadata, request, (to) =>
    pushedAuthorizationRequest(to.server, to.client, to.authentication, parameters, to.options),
  )
  const { request_uri: requestUri } = await readJsonObject(response, PAR_ENDPOINT)
  if (typeof requestUri === 'string') return requestUri
  throw createError('invalid_response', 'The response to the pushed authorization request has no "request_uri".', {
    hint: 'Check "pushed_authorization_request_endpoint" in the server metadata: something else responds there.',
    spec: 'RFC 9126, section 2.2',
  })
}
