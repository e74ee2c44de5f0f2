import { checkMembers, type MembersOf } from '../../options/check-members.js'
import type { ClientRecord } from '../../storage/client-record.js'
import type { Feature, FeatureServer } from '../feature.js'
import { checkLimits } from '../registration/check-limits.js'
import type { CacheBounds } from './cache-lifetime.js'
import { isClientIdUrl, problemOfUrl } from './client-id-url.js'
import { createDocumentCache, type DocumentCache } from './document-cache.js'

/** Options of {@link clientIdMetadata}. */
export interface ClientIdMetadataOptions {
  /**
   * Decides which clients are accepted, by the URL that is their id; called with each request of one. Default: all that have a valid
   * document.
   */
  readonly allow?: ((url: URL) => boolean | Promise<boolean>) | undefined
  /** For development: accept also ids with http on this machine, while the issuer is on this machine too. Default false. */
  readonly allowLoopback?: boolean | undefined
  /** Seconds for which a document is used, whatever its cache headers say. Default: from 60 to 86400. */
  readonly cacheSeconds?: { readonly min?: number | undefined; readonly max?: number | undefined } | undefined
  /** The grant types that these clients may use. Default: `authorization_code` and `refresh_token`. */
  readonly grantTypes?: readonly string[] | undefined
  /** The response types that they may use. Default: `code`. */
  readonly responseTypes?: readonly string[] | undefined
  /** The scope names that they may use. Default: `openid`, `profile`, `email`, `offline_access`. */
  readonly scopes?: readonly string[] | undefined
  /** The claims that they may request one by one, beside those of their scope names. Default: none. */
  readonly claims?: readonly string[] | undefined
  /** The resources that they may request (RFC 8707), such as the URL of your MCP server. Default: none. */
  readonly resources?: readonly string[] | undefined
  /** The types of `authorization_details` that they may request (RFC 9396). Default: none. */
  readonly authorizationDetailsTypes?: readonly string[] | undefined
  /** Names that none of them may have, or imitate with similar letters: those of your own clients. */
  readonly reservedNames?: readonly string[] | undefined
}

const OPTIONS: MembersOf<ClientIdMetadataOptions> = {
  allow: true,
  allowLoopback: true,
  cacheSeconds: true,
  grantTypes: true,
  responseTypes: true,
  scopes: true,
  claims: true,
  resources: true,
  authorizationDetailsTypes: true,
  reservedNames: true,
}

const DEFAULT_BOUNDS: CacheBounds = { min: 60, max: 86_400 }

/**
 * Creates the feature of clients without a registration: their id is the URL of a document with their metadata, which this server fetches.
 * Throws a TypeError for an option that is wrong.
 *
 * @see draft-ietf-oauth-client-id-metadata-document-03; Model Context Protocol 2025-11-25, Authorization
 */
export function clientIdMetadata(options: ClientIdMetadataOptions = {}): Feature {
  checkMembers(options, OPTIONS, { name: 'clientIdMetadata' })
  const bounds = checkValues(options)
  /** The servers of one `Feature` have different addresses, and may have different grants. */
  const caches = new WeakMap<FeatureServer, DocumentCache>()
  const cacheOf = (server: FeatureServer): DocumentCache => {
    const cache = caches.get(server) ?? createDocumentCache(bounds)
    caches.set(server, cache)
    return cache
  }
  return {
    name: 'client-id-metadata',
    metadata: () => ({ client_id_metadata_document_supported: true }),
    clients: {
      find: (clientId, server) => findByUrl(clientId, { options, server, cache: cacheOf(server) }),
      explainUnknown: (clientId, server) =>
        isClientIdUrl(clientId) ? (problemOfUrl(clientId, options, server) ?? cacheOf(server).reasonOf(clientId)) : undefined,
    },
  }
}

interface Search {
  readonly options: ClientIdMetadataOptions
  readonly server: FeatureServer
  readonly cache: DocumentCache
}

async function findByUrl(clientId: string, { options, server, cache }: Search): Promise<ClientRecord | undefined> {
  if (!isClientIdUrl(clientId)) return undefined
  if (problemOfUrl(clientId, options, server) !== undefined) return undefined
  const { allow, allowLoopback: _isLocal, cacheSeconds: _bounds, ...limits } = options
  if (allow && !(await allow(new URL(clientId)))) return cache.refuse(clientId, 'this server does not accept this client')
  return cache.find({ clientId, limits, server })
}

function checkValues(options: ClientIdMetadataOptions): CacheBounds {
  const { allow, allowLoopback, cacheSeconds = {} } = options
  checkLimits('clientIdMetadata', options)
  if (allow !== undefined && typeof allow !== 'function') throw new TypeError('clientIdMetadata: "allow" must be a function')
  if (allowLoopback !== undefined && typeof allowLoopback !== 'boolean')
    throw new TypeError('clientIdMetadata: "allowLoopback" must be true or false')
  return checkBounds(cacheSeconds)
}

function checkBounds(cacheSeconds: NonNullable<ClientIdMetadataOptions['cacheSeconds']>): CacheBounds {
  checkMembers(cacheSeconds, { min: true, max: true }, { name: 'clientIdMetadata: "cacheSeconds"' })
  const { min = DEFAULT_BOUNDS.min, max = Math.max(DEFAULT_BOUNDS.max, min) } = cacheSeconds
  if (![min, max].every(Number.isFinite) || min < 0 || max < min)
    throw new TypeError('clientIdMetadata: "cacheSeconds" must be { min, max }: seconds from 0, "max" at least "min"')
  return { min, max }
}
