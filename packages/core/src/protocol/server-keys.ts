import { createError } from '../errors/create-error.js'
import type { ValidationError } from '../errors/errors.js'
import { withFetchedKeys } from './load-server.js'
import type { ProtocolContext } from './protocol-context.js'
import type { ServerRecord } from './server-metadata.js'

/** Shortest time between two fetches for an unknown key. */
const REFETCH_INTERVAL_MS = 60_000

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
