import { OAuthError } from '../../http/oauth-error.js'
import type { ClientRecord } from '../../storage/client-record.js'
import { fetchDocument, NoDocument, type FetchedDocument } from './fetch-document.js'
import type { CacheBounds } from './cache-lifetime.js'
import { readDocument, type DocumentContext } from './read-document.js'

/** Clients that are kept: those that were used last. */
const MAX_CLIENTS = 1000
/** Reasons that are kept until the response has been sent. */
const MAX_REASONS = 100

interface CachedClient {
  readonly client: ClientRecord
  /** Milliseconds since the epoch. */
  readonly freshUntil: number
  /** Until then it is used if a newer document cannot be fetched. */
  readonly usableUntil: number
}

/** The clients of one server that have a document. */
export interface DocumentCache {
  /** Returns the client of a URL, which must have been checked; undefined if it has no valid document. */
  find(context: DocumentContext): Promise<ClientRecord | undefined>
  /** Notes why a client is not accepted. */
  refuse(clientId: string, reason: string): undefined
  /** Returns why a client was not accepted the last time. */
  reasonOf(clientId: string): string | undefined
}

/** Creates a cache in memory. It holds valid documents only, and a bounded number of them. */
export function createDocumentCache(bounds: CacheBounds): DocumentCache {
  const clients = new Map<string, CachedClient>()
  const reasons = new Map<string, string>()
  const refuse = (clientId: string, reason: string): undefined => {
    keep(reasons, clientId, { value: reason, max: MAX_REASONS })
  }
  return {
    refuse,
    reasonOf: (clientId) => reasons.get(clientId),
    async find(context) {
      const { clientId, server } = context
      const cached = clients.get(clientId)
      if (cached && cached.freshUntil > server.now()) return used(clients, clientId, cached).client
      try {
        const document = await fetchDocument(clientId, bounds, server)
        const client = readDocument(document.text, context)
        keep(clients, clientId, { value: entryOf(client, document, { now: server.now(), max: bounds.max }), max: MAX_CLIENTS })
        return client
      } catch (error) {
        const isOutage = !(error instanceof NoDocument || error instanceof OAuthError)
        if (isOutage && cached && cached.usableUntil > server.now()) return cached.client
        clients.delete(clientId)
        return refuse(clientId, reasonFor(error))
      }
    },
  }
}

function entryOf(
  client: ClientRecord,
  { lifetime: { fresh, allowsStale } }: FetchedDocument,
  { now, max }: { readonly now: number; readonly max: number },
): CachedClient {
  const freshUntil = now + fresh * 1000
  return { client, freshUntil, usableUntil: allowsStale ? now + max * 1000 : freshUntil }
}

/** The response does not say why a fetch failed: that would show what this server can reach. */
function reasonFor(error: unknown): string {
  return error instanceof OAuthError
    ? `the client metadata document is not valid: ${error.description}`
    : 'the client metadata document at "client_id" could not be fetched: expected 200 with application/json, in 5 seconds, without a redirect'
}

/** Moves an entry to those that were used last. */
function used<Value>(map: Map<string, Value>, key: string, value: Value): Value {
  map.delete(key)
  map.set(key, value)
  return value
}

function keep<Value>(
  map: Map<string, Value>,
  key: string,
  { value, max }: { readonly value: Value; readonly max: number },
): void {
  used(map, key, value)
  const [oldest] = map.keys()
  if (map.size > max && oldest !== undefined) map.delete(oldest)
}
