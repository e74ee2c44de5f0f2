import { createError } from '../errors/create-error.js'
import type { ConfigurationError } from '../errors/errors.js'
import { isRecord } from '../platform/is-record.js'
import { sendToEndpoint } from './endpoint-request.js'
import { endpointUrl } from './endpoint-url.js'
import { readUsualJson } from './json-response.js'
import type { ProtocolContext } from './protocol-context.js'
import type { Purpose } from './purpose.js'
import type { JsonWebKeys, ServerMetadata, ServerRecord } from './server-metadata.js'

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
