import { createError } from '../errors/create-error.js'
import { type OptionNames, refuseOtherKind, refuseUnknownOptions } from '../errors/unknown-options.js'
import { contextOf, type StandaloneClient, withTypedErrors } from '../grants/grant-subject.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { readChallenges } from '../protocol/challenges.js'
import { type JsonObject, sendToEndpoint } from '../protocol/endpoint-request.js'
import { parseServerUrl, secureUrl } from '../protocol/endpoint-url.js'
import { wellKnownUrl } from '../protocol/well-known-url.js'
import { readJsonObject } from '../protocol/read-json-object.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import type { Purpose } from '../protocol/purpose.js'

/** Metadata of a protected resource, with its members under their own names. @see RFC 9728, section 2 */
export interface ResourceMetadata {
  /** The resource identifier. */
  readonly resource: string
  /** Issuers of the tokens that the resource accepts. */
  readonly authorization_servers?: readonly string[]
  readonly scopes_supported?: readonly string[]
  readonly bearer_methods_supported?: readonly string[]
  readonly [member: string]: unknown
}

/** Options of {@link discoverResource}. */
export type ResourceOptions = Pick<StandaloneClient, 'fetch' | 'timeout' | 'environment'> & {
  readonly signal?: AbortSignal | undefined
}

const OPTIONS: OptionNames<ResourceOptions> = { fetch: 'function', timeout: 'number', environment: 'object', signal: 'signal' }

/** Characters of a value in an error. */
const MAX_SHOWN = 200
/**
 * What URL parsers read differently: in `https://one.example\@two.example/` a browser finds the first host, and an authorization server
 * with a parser of RFC 3986 the second, for which it would issue the token.
 */
const AMBIGUOUS = /[\s\\\p{Cc}]/u

const RESOURCE_METADATA: Purpose = {
  name: 'metadata of the protected resource',
  invalid: 'invalid_metadata',
  refused: 'invalid_metadata',
  spec: 'RFC 9728, section 3',
}

/**
 * Fetches the metadata of an API, which names the authorization servers that issue tokens for it.
 *
 * @param resource the API's resource identifier, or its 401 response, which contains the URL of the metadata
 * @throws ValidationError invalid_metadata, also when the metadata is for another resource; NetworkError
 * @see RFC 9728, sections 3 and 5
 */
export function discoverResource(
  resource: string | { readonly url: string; readonly response: Response },
  options: ResourceOptions = {},
): Promise<ResourceMetadata> {
  return withTypedErrors(async () => {
    if (IS_DEVELOPMENT) refuseUnknownOptions('discoverResource()', options, OPTIONS)
    refuseOtherKind('discoverResource()', 'resource', [resource, 'string | object', 'required'])
    const { signal, ...seams } = options
    const context = contextOf({ ...seams, clientId: 'none' })
    const { url, metadataUrl } =
      typeof resource === 'string' ? { url: resource, metadataUrl: undefined } : await challenged(resource)
    const metadata = await requestResourceMetadata(context, { url, metadataUrl, signal })
    return { ...metadata, resource: checkedResource(metadata['resource'], url, metadataUrl !== undefined) }
  })
}

/** One request for the metadata of a resource. */
export interface ResourceMetadataRequest {
  /** The URL that the app calls, or the resource identifier. */
  readonly url: string
  /** Where the metadata is. Default: the well-known address of `url`. */
  readonly metadataUrl?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Requests the metadata of a resource.
 *
 * @returns the document and its `resource`, which is not compared with anything yet
 * @throws ValidationError invalid_metadata; NetworkError; ConfigurationError for an address that is not secure
 */
export async function requestResourceMetadata(
  context: ProtocolContext,
  { url, metadataUrl, signal }: ResourceMetadataRequest,
): Promise<JsonObject> {
  const target = secureUrl(metadataUrl ?? url, 'the address of the resource metadata', context)
  const { href } = metadataUrl === undefined ? wellKnownUrl(target, 'oauth-protected-resource') : target
  const init = { headers: { accept: 'application/json' } }
  return readJsonObject(await sendToEndpoint(context, href, init, { purpose: RESOURCE_METADATA, signal }), RESOURCE_METADATA)
}

/** @throws ValidationError invalid_metadata when no challenge names an address */
async function challenged({ url, response }: { readonly url: string; readonly response: Response }): Promise<{
  readonly url: string
  readonly metadataUrl: string
}> {
  const challenges = await readChallenges(response)
  const metadataUrl = challenges.map(({ parameters }) => parameters['resource_metadata']).find((value) => value !== undefined)
  if (metadataUrl !== undefined) return { url, metadataUrl }
  throw createError('invalid_metadata', 'The response of the API does not contain the URL of its metadata.', {
    hint: 'Pass the resource identifier instead, or have the API send "resource_metadata" in WWW-Authenticate.',
    spec: 'RFC 9728, section 5.1',
  })
}

/**
 * A document that names another resource would send its tokens elsewhere (RFC 9728, section 3.3).
 *
 * @param isChallenge the resource may also be a prefix of the URL
 * @throws ValidationError invalid_metadata
 */
export function checkedResource(resource: unknown, url: string, isChallenge: boolean): string {
  const isSame = typeof resource === 'string' && (isChallenge ? isWithin(url, resource) : resource === url)
  if (typeof resource !== 'string' || !isSame) {
    const named = JSON.stringify(resource)?.slice(0, MAX_SHOWN)
    throw createError('invalid_metadata', `The metadata is for the resource ${named}, not for "${url}".`, {
      hint: 'It is not used, because it may name a server that collects tokens.',
      spec: 'RFC 9728, section 3.3',
    })
  }
  return resource
}

function isWithin(url: string, resource: string): boolean {
  if (AMBIGUOUS.test(resource)) return false
  const [requested, named] = [parseServerUrl(url), parseServerUrl(resource)]
  if (!requested || !named || named.hash || named.username || named.password) return false
  if (named.search && named.search !== requested.search) return false
  const prefix = named.pathname.endsWith('/') ? named.pathname : `${named.pathname}/`
  return requested.origin === named.origin && `${requested.pathname}/`.startsWith(prefix)
}
