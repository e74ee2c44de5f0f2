import { SignJWT } from 'jose'
import { createError } from '../errors/create-error.js'
import { isRecord } from '../platform/is-record.js'
import { sendAuthenticatedRequest, setParameters } from './endpoint-request.js'
import { readJsonObject } from './read-json-object.js'
import type { ProtocolContext } from './protocol-context.js'
import type { Purpose } from './purpose.js'
import type { RequestObjectOptions } from './protocol-options.js'
import type { ServerMetadata } from './server-metadata.js'
import { serverNowSeconds } from './id-token.js'
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
  const alg = algorithmOf(key)
  checkAlgorithm(metadata, 'request_object', alg, 'Give a key for one in "requestObject"')
  const now = serverNowSeconds(context)
  const { clientId } = context.options
  const claims = {
    ...Object.fromEntries(parameters),
    ...structuredMembers(parameters),
    client_id: clientId,
    iss: clientId,
    aud: metadata.issuer,
    jti: crypto.randomUUID(),
    iat: now,
    nbf: now,
    exp: now + LIFETIME_SECONDS,
  }
  const header = { alg, typ: 'oauth-authz-req+jwt', ...(kid !== undefined && { kid }) }
  const jwt = await new SignJWT(claims).setProtectedHeader(header).sign(key)
  const byReferenceOrValue = publish ? { request_uri: await publish(jwt) } : { request: jwt }
  return new URLSearchParams({ client_id: clientId, ...byReferenceOrValue })
}

/** Seconds that a request object can be used for. */
const LIFETIME_SECONDS = 60

/** A WebCrypto key is made for one algorithm. @see RFC 7518, section 3.1; RFC 9864 */
function algorithmOf({ algorithm }: CryptoKey): string {
  const { name, hash, namedCurve = '' } = algorithm as Partial<RsaHashedKeyAlgorithm & EcKeyAlgorithm>
  if (name === 'ECDSA') return `ES${namedCurve === 'P-521' ? 512 : namedCurve.slice(2)}`
  const bits = hash?.name.slice(4) ?? ''
  return name === 'RSA-PSS' ? `PS${bits}` : name === 'RSASSA-PKCS1-v1_5' ? `RS${bits}` : String(name)
}

/** The parameters that are more than text in a request object. @see RFC 9101, section 4; RFC 9396, section 5 */
function structuredMembers(parameters: URLSearchParams): Readonly<Record<string, unknown>> {
  const resources = parameters.getAll('resource')
  return {
    ...(resources.length > 1 && { resource: resources }),
    ...jsonMember(parameters, 'max_age', (value) => typeof value === 'number' && value >= 0),
    ...jsonMember(parameters, 'claims', isRecord),
    ...jsonMember(parameters, 'authorization_details', Array.isArray),
  }
}

function jsonMember(
  parameters: URLSearchParams,
  name: string,
  isExpected: (value: unknown) => boolean,
): Readonly<Record<string, unknown>> | undefined {
  const text = parameters.get(name)
  if (text === null) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (isExpected(value)) return { [name]: value }
  } catch {
    // No JSON at all.
  }
  throw createError('configuration', `The parameter "${name}" is not the JSON of a request object (RFC 9101, section 4).`)
}

async function pushRequest(context: ProtocolContext, metadata: ServerMetadata, parameters: URLSearchParams): Promise<string> {
  const response = await sendAuthenticatedRequest(context, metadata, {
    endpoint: 'pushed_authorization_request_endpoint',
    purpose: PAR_ENDPOINT,
    parameters,
    withProof: true,
  })
  const { request_uri: requestUri } = await readJsonObject(response, PAR_ENDPOINT)
  if (typeof requestUri === 'string') return requestUri
  throw createError('invalid_response', 'The response to the pushed authorization request has no "request_uri".', {
    hint: 'Check "pushed_authorization_request_endpoint" in the server metadata: something else responds there.',
    spec: 'RFC 9126, section 2.2',
  })
}
