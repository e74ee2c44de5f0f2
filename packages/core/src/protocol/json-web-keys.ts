import { createError } from '../errors/create-error.js'
import type { ConfigurationError } from '../errors/errors.js'
import type { ServerMetadata, ServerRecord } from './server-metadata.js'
import { endpointOptions } from './endpoint-request.js'
import { isJsonObject, readJsonObject } from './json-response.js'
import { endpointUrl } from './oauth-parties.js'
import type { Purpose } from './protocol-errors.js'
import type { ProtocolContext } from './protocol-context.js'
import { customFetch } from 'oauth4webapi'

/** A JSON Web Key Set. @see RFC 7517, section 5 */
export interface JsonWebKeys {
  readonly keys: readonly JsonWebKey[]
}

const keySet: Purpose = {
  name: 'key set ("jwks_uri")',
  invalid: 'invalid_jwks',
  refused: 'invalid_jwks',
  spec: 'RFC 7517, section 5',
}

/** Whether the server has keys at all; a plain OAuth 2 server has none. */
export function hasKeys(metadata: ServerMetadata): boolean {
  return metadata.jwks !== undefined || metadata.jwks_uri !== undefined
}

/**
 * @returns the record with the server's keys, fetched now unless they are inline
 * @throws NetworkError; ValidationError invalid_jwks; ConfigurationError when the metadata names no keys
 */
export async function withFetchedKeys(context: ProtocolContext, record: ServerRecord): Promise<ServerRecord> {
  const { metadata } = record
  if (metadata.jwks) {
    return { ...record, jwks: checkedKeys(metadata.jwks), jwksFetchedAt: context.environment.now() }
  }
  if (metadata.jwks_uri === undefined) {
    throw missingKeys()
  }
  const url = endpointUrl(context, metadata, 'jwks_uri')
  const response = await endpointOptions(context, url, { purpose: keySet })[customFetch](url.href, {
    headers: { accept: 'application/json, application/jwk-set+json' },
  })
  return { ...record, jwks: checkedKeys(await readJsonObject(response, keySet)), jwksFetchedAt: context.environment.now() }
}

export function missingKeys(): ConfigurationError {
  return createError('configuration', 'missing "jwks_uri" in the server metadata, so no signature can be checked', {
    hint: 'Give "jwks_uri" or "jwks" in "server", or ask for a scope without "openid".',
    spec: 'OpenID Connect Discovery 1.0, section 3',
  })
}

/** Members that are no keys are ignored (RFC 7517, section 5); the same key twice counts once. */
function checkedKeys(jwks: unknown): JsonWebKeys {
  const members: readonly unknown[] = isJsonObject(jwks) && Array.isArray(jwks['keys']) ? jwks['keys'] : []
  const keys = new Map(members.filter(isJsonObject).map((key) => [JSON.stringify(key), key as JsonWebKey]))
  if (keys.size === 0) {
    throw createError('invalid_jwks', 'the server\'s key set has no "keys"', {
      hint: 'Open the "jwks_uri" of the server metadata: it has to list the keys that ID tokens are signed with.',
      spec: keySet.spec,
    })
  }
  return { keys: [...keys.values()] }
}
