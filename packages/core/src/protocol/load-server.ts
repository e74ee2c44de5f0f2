import { createError } from '../errors/create-error.js'
import { type ConfigurationError, NetworkError, type OAuthClientError } from '../errors/errors.js'
import { isRecord } from '../platform/is-record.js'
import { readUsualJson, sendToEndpoint } from './endpoint-request.js'
import { endpointUrl, secureUrl } from './endpoint-url.js'
import type { ProtocolContext } from './protocol-context.js'
import type { Purpose } from './purpose.js'
import type { JsonWebKeys, ServerMetadata, ServerRecord } from './server-metadata.js'
import { unlessAborted } from '../platform/abort.js'
import type { ProtocolOptions } from './protocol-options.js'

const FRESH_MS = 3_600_000

const SERVER_METADATA: Purpose = {
  name: 'server metadata',
  invalid: 'invalid_metadata',
  refused: 'invalid_metadata',
  spec: 'OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3',
}

export interface LoadServerOptions {
  readonly keys: boolean
  readonly signal?: AbortSignal | undefined
  /** Milliseconds, device clock: metadata that was fresh then is used. A callback passes the time of its request. */
  readonly freshAt?: number | undefined
  /** Milliseconds that a stored record is used for. Default: an hour. */
  readonly maxAge?: number | undefined
}

/** One load at a time for each client and kind: parallel calls share their requests. Failures are not cached. */
const loading = new WeakMap<object, Map<boolean, Promise<ServerRecord>>>()

/**
 * Server metadata and keys: the stored ones while fresh, else fetched (OpenID Connect Discovery 1.0 section 4, then RFC 8414
 * section 3) and stored.
 *
 * @throws NetworkError; ValidationError invalid_metadata, issuer_mismatch, invalid_jwks; ConfigurationError for an unknown
 *   compliance hook
 */
export async function loadServer(context: ProtocolContext, options: LoadServerOptions): Promise<ServerRecord> {
  const { compliance } = context.options
  if (compliance) (await (await context.load()).failures()).checkComplianceHooks(compliance)
  const stored = await readStored(context)
  const time = options.freshAt ?? context.environment.now()
  if (
    stored &&
    isFresh(stored.fetchedAt, time, options.maxAge) &&
    (!options.keys || !hasKeys(stored.metadata) || isFresh(stored.jwksFetchedAt, time, options.maxAge))
  )
    return stored

  const load = sharedLoad(context, stored, options.keys)
  // Only this caller stops waiting: other callers share the load.
  return options.signal ? unlessAborted(load, options.signal) : load
}

function sharedLoad(context: ProtocolContext, stored: ServerRecord | undefined, keys: boolean): Promise<ServerRecord> {
  const loads = loading.get(context.options) ?? new Map<boolean, Promise<ServerRecord>>()
  loading.set(context.options, loads)
  const running = loads.get(keys)
  if (running) return running
  const load = fetchServer(context, stored, keys).finally(() => loads.delete(keys))
  loads.set(keys, load)
  return load
}

/** On a network failure, a stale record is used. */
async function fetchServer(context: ProtocolContext, stored: ServerRecord | undefined, keys: boolean): Promise<ServerRecord> {
  try {
    const now = context.environment.now()
    const known =
      stored && isFresh(stored.fetchedAt, now)
        ? stored
        : { ...stored, metadata: await discover(context), basis: basisOf(context.options), fetchedAt: now }
    const record =
      keys && hasKeys(known.metadata) && !isFresh(known.jwksFetchedAt, now) ? await withFetchedKeys(context, known) : known
    await context.writeServer(record)
    return record
  } catch (error) {
    const isEnough = stored && (!keys || stored.jwks !== undefined || !hasKeys(stored.metadata))
    if (error instanceof NetworkError && isEnough) {
      context.logger.warn('server metadata could not be refreshed, the stored one is used', { code: error.code })
      return stored
    }
    throw error
  }
}

/** Inline metadata is always fresh; stored keys are used only if they belong to it. */
async function readStored(context: ProtocolContext): Promise<ServerRecord | undefined> {
  const { options, environment } = context
  const stored = await context.readServer()
  const issuer = issuerOf(options)
  if (options.issuer !== undefined || issuer === undefined)
    return stored?.metadata.issuer === issuer && stored?.basis === basisOf(options) ? stored : undefined
  const metadata = withOverrides({ issuer }, options)
  const fetchedAt = environment.now()
  const sameKeys = stored?.jwks && stored.metadata.jwks_uri === metadata.jwks_uri && !metadata.jwks
  return sameKeys ? { ...stored, metadata, fetchedAt } : { metadata, fetchedAt }
}

/** The issuer that metadata and ID tokens must name. */
function issuerOf({ issuer, server }: ProtocolOptions): string | undefined {
  return server?.issuer ?? issuer
}

/** A change of these options makes stored metadata stale. */
function basisOf({ metadataUrl, server }: ProtocolOptions): string | undefined {
  return metadataUrl === undefined && server === undefined ? undefined : JSON.stringify([metadataUrl, server])
}

/** Explicit values replace discovered ones. */
function withOverrides(discovered: ServerMetadata, { server = {} }: ProtocolOptions): ServerMetadata {
  const members = Object.entries({ ...discovered, ...JSON.parse(JSON.stringify(server)) }).filter(([, value]) => value !== null)
  return { ...Object.fromEntries(members), issuer: discovered.issuer }
}

async function discover(context: ProtocolContext): Promise<ServerMetadata> {
  const { issuer, metadataUrl } = context.options
  if (issuer === undefined) throw createError('configuration', ['noIssuerOption'])

  const tried: string[] = []
  try {
    return await requestMetadata(context, metadataUrl ?? issuer, tried, metadataUrl === undefined)
  } catch (error) {
    // A plain OAuth 2.0 server has nothing at the OpenID address: a 404, a web page, or (without CORS headers) a network error.
    if (!/^(?:invalid_metadata|network)$/.test((error as Partial<OAuthClientError>).code ?? '')) throw error
    const load = await context.load().catch(() => undefined)
    if (!load) throw error
    return (await load.failures()).discoverPlainOAuth(context, error, tried, (address) =>
      requestMetadata(context, address, tried),
    )
  }
}

/**
 * @param tried gets the address of the document
 * @param isOpenId `address` is an issuer, to which OpenID Connect appends the path of the document. Default: it is that of the document
 */
async function requestMetadata(
  context: ProtocolContext,
  address: string,
  tried: string[],
  isOpenId?: boolean,
): Promise<ServerMetadata> {
  const { options } = context
  const url = secureUrl(address, isOpenId ? '"issuer"' : '"metadataUrl"', { options })
  if (isOpenId) url.pathname = url.pathname.replace(/\/?$/, '/.well-known/openid-configuration')
  const { href } = url
  tried.push(href)
  const headers = { accept: 'application/json' }
  const response = await sendToEndpoint(context, href, { headers }, { purpose: SERVER_METADATA })
  const metadata = await readUsualJson(context, response, SERVER_METADATA)
  if (typeof metadata['issuer'] !== 'string') throw createError('invalid_metadata', ['noIssuer'])

  const issuer = issuerOf(options) ?? address
  if (metadata['issuer'] !== issuer) (await (await context.load()).failures()).acceptIssuer(context, metadata['issuer'], issuer)
  return withOverrides({ ...metadata, issuer }, options)
}

/** A time in the future means that the device clock was set back: not fresh. */
function isFresh(fetchedAt: number | undefined, time: number, maxAge: number = FRESH_MS): boolean {
  return fetchedAt !== undefined && Math.abs(time - fetchedAt) < maxAge
}

const JWKS_URI: Purpose = {
  name: 'key set ("jwks_uri")',
  invalid: 'invalid_jwks',
  refused: 'invalid_jwks',
  spec: 'RFC 7517, section 5',
}

/** Whether the server has keys at all; a plain OAuth 2.0 server has none. */
export function hasKeys(metadata: ServerMetadata): boolean {
  return metadata.jwks !== undefined || metadata.jwks_uri !== undefined
}

/**
 * Fetches the server's keys, unless they are inline.
 *
 * @throws NetworkError; ValidationError invalid_jwks; ConfigurationError if the metadata names no keys
 */
export async function withFetchedKeys(context: ProtocolContext, record: ServerRecord): Promise<ServerRecord> {
  const { metadata } = record
  if (metadata.jwks) return { ...record, jwks: checkedKeys(metadata.jwks), jwksFetchedAt: context.environment.now() }
  if (metadata.jwks_uri === undefined) throw missingKeys()
  const url = endpointUrl(context, metadata, 'jwks_uri')
  const headers = { accept: 'application/json, application/jwk-set+json' }
  const response = await sendToEndpoint(context, url.href, { headers }, { purpose: JWKS_URI })
  return {
    ...record,
    jwks: checkedKeys(await readUsualJson(context, response, JWKS_URI)),
    jwksFetchedAt: context.environment.now(),
  }
}

export function missingKeys(): ConfigurationError {
  return createError('configuration', ['noJwksUri'])
}

/** Members that are not objects are ignored (RFC 7517, section 5), duplicates removed. */
function checkedKeys(jwks: unknown): JsonWebKeys {
  const members: readonly unknown[] = isRecord(jwks) && Array.isArray(jwks['keys']) ? jwks['keys'] : []
  const keys = new Map(members.filter(isRecord).map((key) => [JSON.stringify(key), key as JsonWebKey]))
  if (keys.size > 0) return { keys: [...keys.values()] }
  throw createError('invalid_jwks', ['noKeys'])
}
