import { DPOP_ALGORITHMS } from '../dpop/verify-proof.js'
import type { ResourceMetadataOptions } from './verifier-options.js'

/** The document that tells clients which authorization servers issue tokens for an API. @see RFC 9728, section 2 */
export interface ResourceMetadata {
  /** The resource identifier. */
  readonly resource: string
  /** The issuers. */
  readonly authorization_servers: readonly string[]
  /** Where bearer tokens may be. */
  readonly bearer_methods_supported: ReadonlyArray<'header' | 'body' | 'query'>
  /** Algorithms of DPoP proofs. */
  readonly dpop_signing_alg_values_supported?: readonly string[] | undefined
  /** Whether tokens must be bound to a key. */
  readonly dpop_bound_access_tokens_required?: boolean | undefined
  /** Any other member. */
  readonly [name: string]: unknown
}

const WELL_KNOWN = '/.well-known/oauth-protected-resource'

/** What the document is made of. */
export interface MetadataSource {
  readonly resource: string
  readonly issuers: readonly string[]
  readonly places: ReadonlyArray<'header' | 'body' | 'query'>
  /** Whether DPoP proofs are accepted. */
  readonly isSupported: boolean
  /** Whether tokens must be bound to a key. */
  readonly isRequired: boolean
  readonly members: ResourceMetadataOptions
}

/** Creates the document. */
export function createResourceMetadata({
  resource,
  issuers,
  places,
  isSupported,
  isRequired,
  members,
}: MetadataSource): ResourceMetadata {
  return {
    ...members,
    resource,
    authorization_servers: [...new Set(issuers)],
    bearer_methods_supported: places,
    ...(isSupported && { dpop_signing_alg_values_supported: DPOP_ALGORITHMS }),
    ...(isRequired && { dpop_bound_access_tokens_required: true }),
  }
}

/** Returns the URL of a resource's metadata: its path and query come after the well-known one. @see RFC 9728, section 3.1 */
export function metadataUrlOf(resource: string): string {
  const { origin, pathname, search } = new URL(resource)
  return `${origin}${WELL_KNOWN}${pathname === '/' ? '' : pathname}${search}`
}

/** Responds to a request for the document; undefined for any other request. Pages of every origin may read it. */
export function respondWithMetadata(request: Request, metadataUrl: string, metadata: ResourceMetadata): Response | undefined {
  const known = new URL(metadataUrl)
  const { pathname, search } = new URL(request.url)
  if (pathname !== known.pathname || search !== known.search) return undefined
  const headers = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=3600' }
  if (request.method === 'OPTIONS')
    return new Response(null, { status: 204, headers: { ...headers, 'access-control-allow-headers': '*' } })
  if (request.method === 'GET') return Response.json(metadata, { headers })
  if (request.method === 'HEAD') return new Response(null, { headers: { ...headers, 'content-type': 'application/json' } })
  return new Response(null, { status: 405, headers: { ...headers, allow: 'GET, HEAD, OPTIONS' } })
}
