import { checkedResource, requestResourceMetadata, type ResourceMetadata } from '../endpoints/resource-metadata.js'
import { createError, reasonOf } from '../errors/create-error.js'
import { NetworkError, ValidationError } from '../errors/errors.js'
import { refuseAborted, unlessAborted } from '../platform/abort.js'
import { timeoutSignal } from '../platform/timer.js'
import { readChallenges } from '../protocol/challenges.js'
import type { ProtocolContext } from '../protocol/protocol-context.js'
import { joinScope, type Scope } from '../protocol/scope.js'
import { serverUrlOf } from './server-url.js'

/** The search for what protects one URL. */
export interface ResourceSearch {
  readonly context: ProtocolContext
  readonly url: URL
  /** A response of the resource that the app has already. */
  readonly challenge?: Response | undefined
  /** Requested if the resource names none. */
  readonly scope?: Scope | undefined
  readonly signal?: AbortSignal | undefined
}

/** What a resource says of itself. */
export interface FoundResource {
  readonly resource: string
  readonly metadata: ResourceMetadata | undefined
  /** Issuers. One at least. */
  readonly servers: readonly string[]
  readonly scope: string
}

/** More than any resource names. */
const MAX_SERVERS = 20
const MAX_SCOPE_WORDS = 100
/** @see RFC 6749, section 3.3 */
const SCOPE_WORD = /^[\u0021\u0023-\u005B\u005D-\u007E]+$/

/**
 * Finds the authorization servers of a resource: by the challenge of the resource, else at the well-known addresses. A resource without
 * metadata is treated as its own authorization server, as in version 2025-03-26 of the Model Context Protocol.
 *
 * @throws ValidationError invalid_metadata; NetworkError; InteractionError aborted
 * @see RFC 9728, sections 3 and 5
 */
export async function findResource(search: ResourceSearch): Promise<FoundResource> {
  const { url, scope } = search
  const challenge = await readChallenge(search)
  const metadata = await findMetadata(search, challenge.metadataUrl)
  const requested = challenge.scope ?? supportedScope(metadata) ?? joinScope(scope) ?? ''
  if (!metadata) return { resource: url.href, metadata, servers: [url.origin], scope: requested }
  return { resource: metadata.resource, metadata, servers: serversIn(search, metadata), scope: requested }
}

interface ReadChallenge {
  readonly metadataUrl?: string | undefined
  readonly scope?: string | undefined
}

async function readChallenge(search: ResourceSearch): Promise<ReadChallenge> {
  const response = search.challenge ?? (await requestChallenge(search))
  const all = response ? (await readChallenges(response)).map(({ parameters }) => parameters) : []
  const named = all.find((parameters) => parameters['resource_metadata'] !== undefined)
  const { scope } = named ?? all.find((parameters) => parameters.scope !== undefined) ?? {}
  return { metadataUrl: named?.['resource_metadata'], scope: scopeOf(scope?.split(' ')) }
}

/** The request of a client without a token. The body is not read: a resource that is not protected may stream without end. */
async function requestChallenge({ context, url, signal }: ResourceSearch): Promise<Response | undefined> {
  const timeout = timeoutSignal((context.options.timeout ?? 30) * 1000)
  const ends = signal ? AbortSignal.any([timeout, signal]) : timeout
  const request = new Request(url, {
    headers: { accept: 'application/json, text/event-stream' },
    credentials: 'omit',
    redirect: 'manual',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
    signal: ends,
  })
  try {
    const response = await unlessAborted(context.environment.fetch(request), ends)
    response.body?.cancel().catch(() => undefined)
    return response
  } catch {
    // Without CORS headers a page cannot read the response. The well-known addresses may be readable.
    refuseAborted(signal)
    return undefined
  }
}

/** @returns undefined for a resource without metadata */
async function findMetadata(search: ResourceSearch, metadataUrl: string | undefined): Promise<ResourceMetadata | undefined> {
  const { context, url, signal } = search
  const request = async (address: string): Promise<ResourceMetadata> => {
    const document = await requestResourceMetadata(context, { url: url.href, metadataUrl: address, signal })
    return { ...document, resource: checkedResource(document['resource'], url.href, true) }
  }
  // What the resource itself has named is not replaced by another document.
  if (metadataUrl !== undefined)
    return request(serverUrlOf(search, metadataUrl, 'the address of the resource metadata in the challenge').href)
  for (const address of wellKnownAddresses(url)) {
    try {
      return await request(address)
    } catch (cause) {
      if (!isMissing(cause)) throw cause
    }
  }
  return undefined
}

/** With the path inserted, then at the root. */
function wellKnownAddresses({ origin, pathname, search }: URL): readonly string[] {
  const root = `${origin}/.well-known/oauth-protected-resource`
  const path = pathname === '/' ? '' : pathname
  return path + search === '' ? [root] : [root + path + search, root]
}

/** Whether no document is at the address: a refusal, a web page, a redirect, or (without CORS headers) nothing that a page can read. */
function isMissing(cause: unknown): boolean {
  if (cause instanceof NetworkError) return cause.code === 'network'
  if (!(cause instanceof ValidationError) || cause.code !== 'invalid_metadata') return false
  return (cause.status ?? 0) >= 300 || reasonOf(cause)?.[0] === 'unexpectedBody'
}

function serversIn(search: ResourceSearch, metadata: ResourceMetadata): readonly string[] {
  const { authorization_servers: named } = metadata
  const servers = [...new Set(Array.isArray(named) ? (named as readonly unknown[]).slice(0, MAX_SERVERS) : [])]
  const [first] = servers
  if (first === undefined) {
    throw createError('invalid_metadata', `The metadata of "${metadata.resource}" names no authorization server.`, {
      hint: 'The resource must list an issuer in "authorization_servers".',
      spec: 'RFC 9728, section 2',
    })
  }
  for (const server of servers) serverUrlOf(search, server, 'a member of "authorization_servers" in the resource metadata')
  // Issuers are compared character for character, so they are not normalized.
  return servers.map(String)
}

function supportedScope(metadata: ResourceMetadata | undefined): string | undefined {
  const supported = metadata?.scopes_supported
  return Array.isArray(supported) ? scopeOf(supported) : undefined
}

/** @returns undefined if there is no word of a scope */
function scopeOf(words: readonly unknown[] = []): string | undefined {
  const valid = words.filter((word): word is string => typeof word === 'string' && SCOPE_WORD.test(word))
  return valid.length > 0 ? [...new Set(valid)].slice(0, MAX_SCOPE_WORDS).join(' ') : undefined
}
