import { createError } from '../errors/create-error.js'
import { decodeProtectedHeader } from 'jose'
import { issueRequestObject, pushedAuthorizationRequest } from 'oauth4webapi'
import type { RequestObjectOptions } from './protocol-options.js'
import type { ServerMetadata } from './server-metadata.js'
import { readJsonObject } from './json-response.js'
import { dpopOption, withNonceRetry } from './nonce-retry.js'
import { authorizationServer, oauthClient } from './oauth-parties.js'
import type { Purpose } from './protocol-errors.js'
import type { ProtocolContext } from './protocol-context.js'
import { setParameters } from './parameters.js'
import { checkAlgorithm, isPushed } from './server-support.js'
import { authenticatedRequest } from './token-request.js'

const pushedRequest: Purpose = {
  name: 'pushed authorization request endpoint',
  invalid: 'invalid_response',
  refused: 'authorization_error',
  spec: 'RFC 9126, section 2',
}

/**
 * Signs the parameters (JAR), pushes them to the server (PAR), or both.
 *
 * @param url the authorization request with everything in it
 * @returns the short URL to go to instead
 * @see RFC 9101, section 5; RFC 9126, section 2
 */
export async function carryRequest(context: ProtocolContext, metadata: ServerMetadata, url: URL): Promise<URL> {
  const { target, parameters } = split(metadata, url)
  const { requestObject } = context.options
  const signed = requestObject ? await signRequest(context, metadata, parameters, requestObject) : parameters
  if (isPushed(context.options.par, metadata)) {
    const requestUri = await pushRequest(context, metadata, signed)
    setParameters(target.searchParams, { client_id: context.options.clientId, request_uri: requestUri })
    return target
  }
  setParameters(target.searchParams, {
    ...Object.fromEntries(signed),
    // A server that knows OpenID Connect alone wants these outside too (OpenID Connect Core 1.0, section 6.1).
    response_type: parameters.get('response_type'),
    scope: parameters.get('scope') ?? undefined,
  })
  return target
}

/** The endpoint's own query stays in the URL; the rest is what the client asks. */
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
  const carrier = publish ? { request_uri: await publish(jwt) } : { request: jwt }
  return new URLSearchParams({ client_id: context.options.clientId, ...carrier })
}

async function pushRequest(context: ProtocolContext, metadata: ServerMetadata, parameters: URLSearchParams): Promise<string> {
  const { authentication, options } = await authenticatedRequest(context, metadata, 'pushed_authorization_request_endpoint', {
    purpose: pushedRequest,
  })
  const proof = await dpopOption(context)
  const response = await withNonceRetry(context, () =>
    pushedAuthorizationRequest(authorizationServer(metadata), oauthClient(context), authentication, parameters, {
      ...options,
      ...proof,
    }),
  )
  const { request_uri: requestUri } = await readJsonObject(response, pushedRequest)
  if (typeof requestUri !== 'string') {
    throw createError('invalid_response', 'the answer to the pushed authorization request has no "request_uri"', {
      hint: 'Check "pushed_authorization_request_endpoint" in the server metadata: something else answers there.',
      spec: 'RFC 9126, section 2.2',
    })
  }
  return requestUri
}
