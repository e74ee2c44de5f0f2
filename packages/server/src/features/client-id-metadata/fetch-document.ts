import { readUpToLimit } from '../../http/body.js'
import { fetchOnce } from '../../http/shared-fetches.js'
import type { ServerContext } from '../../options/server-context.js'
import { cacheLifetimeOf, type CacheBounds, type CacheLifetime } from './cache-lifetime.js'

/** Bytes. The draft recommends to read 5 kB; keys in the document need more. */
const MAX_BYTES = 16_384
/** `application/json`, or a more specific type. */
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json$/

/** A document as its host sent it. */
export interface FetchedDocument {
  readonly text: string
  readonly lifetime: CacheLifetime
}

/** The host has responded with something else than a document: it has none, so a former one must not be used any longer. */
export class NoDocument extends TypeError {}

/**
 * Fetches the document of a client, with all limits of this server's own requests: no redirect, no private address, 5 seconds. A URL is
 * fetched once at a time, and again after some seconds at the earliest, also if it failed.
 *
 * @throws TypeError, whose text must not be sent to the client: it would tell what this server can reach
 * @see draft-ietf-oauth-client-id-metadata-document-03, sections 5 and 8
 */
export function fetchDocument(
  url: string,
  bounds: CacheBounds,
  server: Pick<ServerContext, 'fetch' | 'now'>,
): Promise<FetchedDocument> {
  return fetchOnce({ url, kind: 'client', isOfStranger: true, download: () => download(url, bounds, server) }, server)
}

async function download(url: string, bounds: CacheBounds, server: Pick<ServerContext, 'fetch'>): Promise<FetchedDocument> {
  const response = await server.fetch(url, { headers: { accept: 'application/json' } })
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (response.status !== 200 || !JSON_TYPE.test(type)) {
    response.body?.cancel().catch(() => undefined)
    throw isOutage(response.status) ? new TypeError('the host cannot respond') : new NoDocument('the response is no document')
  }
  const bytes = await readUpToLimit(response, MAX_BYTES)
  if (bytes.byteLength > MAX_BYTES) throw new NoDocument(`the document is larger than ${MAX_BYTES} bytes`)
  return { text: decode(bytes), lifetime: cacheLifetimeOf(response.headers, bounds) }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new NoDocument('the document is not UTF-8', { cause })
  }
}

function isOutage(status: number): boolean {
  return status >= 500 || status === 408 || status === 429
}
