import { createError } from '../errors/create-error.js'
import { NetworkError, ValidationError } from '../errors/errors.js'
import { discoveryRequest } from 'oauth4webapi'
import type { ServerMetadata, ServerRecord } from './server-metadata.js'
import { checkComplianceNames } from './compliance-names.js'
import { endpointOptions } from './endpoint-request.js'
import { readJsonObject } from './json-response.js'
import { hasKeys, withFetchedKeys } from './json-web-keys.js'
import { secureUrl } from './oauth-parties.js'
import type { Purpose } from './protocol-errors.js'
import type { ProtocolContext } from './protocol-context.js'

const freshMilliseconds = 3_600_000

const serverMetadata: Purpose = {
  name: 'server metadata',
  invalid: 'invalid_metadata',
  refused: 'invalid_metadata',
  spec: 'OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3',
}

export interface LoadServerOptions {
  readonly keys: boolean
  readonly signal?: AbortSignal | undefined
  /** Milliseconds, device clock: what was fresh then is good enough. A callback passes the time its request was made. */
  readonly freshAt?: number | undefined
}

/** One load at a time for each client and kind, so that calls in parallel share their requests. A failed one is forgotten. */
const loading = new WeakMap<object, Map<boolean, Promise<ServerRecord>>>()

/**
 * Server metadata and keys: the stored ones while fresh, else fetched (OpenID Connect Discovery 1.0 section 4, then RFC 8414
 * section 3) and stored.
 *
 * @throws NetworkError; ValidationError invalid_metadata, issuer_mismatch, invalid_jwks; ConfigurationError for an unknown
 *   compliance hook
 */
export async function loadServer(context: ProtocolContext, options: LoadServerOptions): Promise<ServerRecord> {
  checkComplianceNames(context.options.compliance)
  const stored = await readStored(context)
  const time = options.freshAt ?? context.environment.now()
  if (
    stored &&
    isFresh(stored.fetchedAt, time) &&
    (!options.keys || !hasKeys(stored.metadata) || isFresh(stored.jwksFetchedAt, time))
  ) {
    return stored
  }
  return untilAborted(sharedLoad(context, stored, options.keys), options.signal)
}

function sharedLoad(context: ProtocolContext, stored: ServerRecord | undefined, keys: boolean): Promise<ServerRecord> {
  const loads = loading.get(context.options) ?? new Map<boolean, Promise<ServerRecord>>()
  loading.set(context.options, loads)
  const running = loads.get(keys)
  if (running) {
    return running
  }
  const load = fetchServer(context, stored, keys).finally(() => loads.delete(keys))
  loads.set(keys, load)
  return load
}

/** A network failure is no reason to forget what was true an hour ago: a stale record is used then. */
async function fetchServer(context: ProtocolContext, stored: ServerRecord | undefined, keys: boolean): Promise<ServerRecord> {
  try {
    const now = context.environment.now()
    const known =
      stored && isFresh(stored.fetchedAt, now) ? stored : { ...stored, metadata: await discover(context), fetchedAt: now }
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

/** Inline metadata is always fresh; of what is stored only keys that belong to it count. */
async function readStored(context: ProtocolContext): Promise<ServerRecord | undefined> {
  const { server } = context.options
  const stored = await context.readServer()
  if (!server) {
    return stored && stored.metadata.issuer === context.options.issuer ? stored : undefined
  }
  const fetchedAt = context.environment.now()
  const sameKeys = stored?.jwks && stored.metadata.jwks_uri === server.jwks_uri && !server.jwks
  return sameKeys ? { ...stored, metadata: server, fetchedAt } : { metadata: server, fetchedAt }
}

async function discover(context: ProtocolContext): Promise<ServerMetadata> {
  const { issuer } = context.options
  if (issuer === undefined) {
    throw createError('configuration', 'neither "issuer" nor "server" is given', {
      hint: 'Give the issuer URL of the authorization server, or its metadata as "server".',
    })
  }
  try {
    return await requestMetadata(context, issuer, 'oidc')
  } catch (error) {
    if (!isWorthAnotherTry(error)) {
      throw error
    }
    return await requestMetadata(context, issuer, 'oauth2').catch((second: unknown) => {
      // The first error is the better explanation, unless only the second address answered with something.
      throw second instanceof ValidationError && error instanceof NetworkError ? second : error
    })
  }
}

/** A plain OAuth 2 server has nothing at the OpenID address: a 404, a web page, or (without CORS headers) a network error. */
function isWorthAnotherTry(error: unknown): boolean {
  const code = error instanceof ValidationError || error instanceof NetworkError ? error.code : undefined
  return code === 'invalid_metadata' || code === 'network'
}

async function requestMetadata(context: ProtocolContext, issuer: string, algorithm: 'oidc' | 'oauth2'): Promise<ServerMetadata> {
  const url = secureUrl(issuer, '"issuer"')
  const response = await discoveryRequest(url, { algorithm, ...endpointOptions(context, url, { purpose: serverMetadata }) })
  const metadata = await readJsonObject(response, serverMetadata)
  if (typeof metadata['issuer'] !== 'string') {
    throw createError('invalid_metadata', 'the server metadata has no "issuer"', {
      hint: 'Check "issuer": what answers at its well-known address is no server metadata.',
      spec: 'RFC 8414, section 2',
    })
  }
  if (metadata['issuer'] !== issuer) {
    throw createError('issuer_mismatch', `the server metadata is for issuer "${metadata['issuer']}", not "${issuer}"`, {
      hint: 'Give the issuer exactly as the server writes it; a slash at the end counts.',
      spec: 'OpenID Connect Discovery 1.0, section 4.3; RFC 8414, section 3.3',
    })
  }
  return { ...metadata, issuer }
}

/** A time in the future means that the device clock was set back: not fresh. */
function isFresh(fetchedAt: number | undefined, time: number): boolean {
  return fetchedAt !== undefined && Math.abs(time - fetchedAt) < freshMilliseconds
}

/** The load goes on for those who share it; only this caller stops waiting. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) {
    return promise
  }
  return new Promise((resolve, reject) => {
    const abort = (): void =>
      reject(
        createError('aborted', 'loading the server metadata was aborted', {
          hint: 'Nothing is wrong: its AbortSignal fired.',
        }),
      )
    signal.addEventListener('abort', abort)
    if (signal.aborted) {
      abort()
    }
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
