import { createError } from '../errors/create-error.js'
import type { ConfigurationError, ValidationError } from '../errors/errors.js'
import { isRecord } from '../platform/is-record.js'
import { sendToEndpoint } from './endpoint-request.js'
import { endpointUrl } from './endpoint-url.js'
import { readJsonObject } from './json-response.js'
import type { ProtocolContext } from './protocol-context.js'
import type { Purpose } from './protocol-errors.js'
import type { JsonWebKeys, ServerMetadata, ServerRecord } from './server-metadata.js'

const JWKS_URI: Purpose = {
  name: 'key set ("jwks_uri")',
  invalid: 'invalid_jwks',
  refused: 'invalid_jwks',
  spec: 'RFC 7517, section 5',
}

/** Shortest time between two fetches for an unknown key. */
const REFETCH_INTERVAL_MS = 60_000

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
  return { ...record, jwks: checkedKeys(await readJsonObject(response, JWKS_URI)), jwksFetchedAt: context.environment.now() }
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

/** Verifies one signature. */
export interface Verification<Result> {
  readonly verify: (server: ServerRecord) => Promise<Result>
  /** Whether an error of `verify` means that the server's keys do not include the key. */
  readonly isUnknownKey: (error: unknown) => boolean
}

/**
 * Verifies a signature with the stored keys. An unknown key means that the server has rotated its keys: they are fetched again, but no
 * more often than once a minute, so that forged tokens cannot cause endless requests.
 *
 * @see OpenID Connect Core 1.0, section 10.1.1
 */
export async function withServerKeys<Result>(
  context: ProtocolContext,
  server: ServerRecord,
  { verify, isUnknownKey }: Verification<Result>,
): Promise<Result> {
  const record = server.jwks ? server : await stored(context, await withFetchedKeys(context, server))
  try {
    return await verify(record)
  } catch (error) {
    if (!isUnknownKey(error)) throw error
    // Keys that were fetched for this very token would be the same again.
    if (record !== server || !mayRefetch(context, record)) throw unknownKey()
    return verify(await refetched(context, record)).catch((second: unknown) => {
      throw isUnknownKey(second) ? unknownKey() : second
    })
  }
}

/** The interval begins with a refetch, not with the first fetch: keys may be rotated in the minute after that as well. */
async function refetched(context: ProtocolContext, server: ServerRecord): Promise<ServerRecord> {
  const record = await withFetchedKeys(context, server)
  return stored(context, { ...record, jwksRefetchedAt: context.environment.now() })
}

async function stored(context: ProtocolContext, record: ServerRecord): Promise<ServerRecord> {
  await context.writeServer(record)
  return record
}

function mayRefetch(context: ProtocolContext, { metadata, jwksRefetchedAt = 0 }: ServerRecord): boolean {
  return !metadata.jwks && Math.abs(context.environment.now() - jwksRefetchedAt) >= REFETCH_INTERVAL_MS
}

function unknownKey(): ValidationError {
  return createError('invalid_id_token', ['unknownKey'])
}
