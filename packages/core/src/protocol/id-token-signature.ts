import { createError } from '../errors/create-error.js'
import type { ValidationError } from '../errors/errors.js'
import { KEY_SELECTION, OperationProcessingError, jwksCache, validateApplicationLevelSignature } from 'oauth4webapi'
import type { ServerRecord } from './server-metadata.js'
import { withFetchedKeys } from './json-web-keys.js'
import { authorizationServer } from './oauth-parties.js'
import type { ProtocolContext } from './protocol-context.js'

const refetchMilliseconds = 60_000

/** Verifies the signature of the JWT in a response that oauth4webapi has processed. @see OpenID Connect Core 1.0, section 10.1 */
export async function verifySignature(context: ProtocolContext, server: ServerRecord, processed: Response): Promise<void> {
  await withServerKeys(context, server, { verify: (record) => verifyWith(record, processed), isUnknownKey })
}

export interface Verification<Result> {
  readonly verify: (server: ServerRecord) => Promise<Result>
  /** Tells from an error of `verify` that the key is not among those of the server. */
  readonly isUnknownKey: (error: unknown) => boolean
}

/**
 * Verifies a signature against the remembered keys. A key that is not among them means that the server has changed its keys: they
 * are fetched again, though no more often than once a minute, so that forged tokens cannot make this browser ask without end.
 *
 * @see OpenID Connect Core 1.0, section 10.1.1
 */
export async function withServerKeys<Result>(
  context: ProtocolContext,
  server: ServerRecord,
  { verify, isUnknownKey: isUnknown }: Verification<Result>,
): Promise<Result> {
  const record = server.jwks ? server : await kept(context, await withFetchedKeys(context, server))
  try {
    return await verify(record)
  } catch (error) {
    if (!isUnknown(error)) {
      throw error
    }
    // Keys that were fetched for this very token would be the same again.
    if (record !== server || !mayRefetch(context, record)) {
      throw unknownKey()
    }
    return verify(await refetched(context, record)).catch((second: unknown) => {
      throw isUnknown(second) ? unknownKey() : second
    })
  }
}

/** oauth4webapi would fetch keys on its own when those it is given look old; they are given as fetched now, so it never does. */
async function verifyWith({ metadata, jwks }: ServerRecord, processed: Response): Promise<void> {
  const server = { ...authorizationServer(metadata), jwks_uri: metadata.jwks_uri ?? metadata.issuer }
  const cache = { jwks: { keys: [...(jwks?.keys ?? [])] }, uat: Math.floor(Date.now() / 1000) }
  await validateApplicationLevelSignature(server, processed, { [jwksCache]: cache })
}

/** What is counted is this, not the first fetch: keys may change in the minute after that as well. */
async function refetched(context: ProtocolContext, server: ServerRecord): Promise<ServerRecord> {
  const record = await withFetchedKeys(context, server)
  return kept(context, { ...record, jwksRefetchedAt: context.environment.now() })
}

async function kept(context: ProtocolContext, record: ServerRecord): Promise<ServerRecord> {
  await context.writeServer(record)
  return record
}

function mayRefetch(context: ProtocolContext, { metadata, jwksRefetchedAt = 0 }: ServerRecord): boolean {
  return !metadata.jwks && Math.abs(context.environment.now() - jwksRefetchedAt) >= refetchMilliseconds
}

function isUnknownKey(error: unknown): boolean {
  return error instanceof OperationProcessingError && error.code === KEY_SELECTION
}

function unknownKey(): ValidationError {
  return createError('invalid_id_token', 'the server\'s key set has no single key for the ID token\'s "kid" and "alg"', {
    hint: 'The server signed with a key that it does not publish (or publishes twice): check its "jwks_uri".',
    spec: 'OpenID Connect Core 1.0, section 10.1',
  })
}
