import { createError } from '../errors/create-error.js'
import { OAuthClientError } from '../errors/errors.js'
import type { ComparedIssuers } from '../errors/issuer-hint.js'
import { contextOf, type StandaloneClient } from '../grants/grant-subject.js'
import { isRecord } from '../platform/is-record.js'
import { wellKnownUrl } from '../protocol/well-known-url.js'
import { loadServer } from '../protocol/load-server.js'
import type { ServerRecord } from '../protocol/server-metadata.js'

/** The options of requests that need no client id. */
export type RequestOptions = Pick<StandaloneClient, 'fetch' | 'now' | 'environment' | 'logger' | 'timeout'>

/** An authorization server, and where its metadata is. */
export interface FoundServer {
  readonly metadataUrl: string
  readonly record: ServerRecord
}

/**
 * Requests the metadata of an authorization server.
 *
 * @throws ValidationError invalid_metadata, issuer_mismatch; ConfigurationError unsupported without PKCE; NetworkError
 * @see RFC 8414, sections 3.1 and 5
 */
export async function findAuthorizationServer(
  issuer: string,
  options: RequestOptions,
  signal: AbortSignal | undefined,
): Promise<FoundServer> {
  const found = await request(issuer, options, signal).catch((cause: unknown) => {
    const received = sameWithoutSlash(cause)
    // Frameworks add a slash to the URL of a host. It is the same server: the issuer is the one that it names itself.
    if (received !== undefined) return request(received, options, signal)
    throw cause
  })
  const { issuer: name, code_challenge_methods_supported: methods } = found.record.metadata
  if (Array.isArray(methods) && methods.includes('S256')) return found
  throw createError('unsupported', `The authorization server "${name}" does not say that it supports PKCE with S256.`, {
    hint: 'It must list "S256" in "code_challenge_methods_supported": without PKCE, a stolen code could be redeemed.',
    spec: 'RFC 7636, section 4.2; Model Context Protocol, Authorization',
  })
}

async function request(issuer: string, options: RequestOptions, signal: AbortSignal | undefined): Promise<FoundServer> {
  const failures: OAuthClientError[] = []
  const addresses = addressesOf(issuer)
  for (const metadataUrl of addresses) {
    try {
      const context = contextOf({ ...options, issuer, metadataUrl, clientId: 'none' })
      return { metadataUrl, record: await loadServer(context, { keys: false, signal }) }
    } catch (cause) {
      if (!isMissing(cause)) throw cause
      failures.push(cause)
    }
  }
  // One that responded explains more than one that a page cannot read.
  const best = failures.find(({ code }) => code === 'invalid_metadata') ?? failures[0]
  const seen = `No metadata of the authorization server "${issuer}" was found. Tried ${addresses.join(', ')}.`
  throw createError(best?.code ?? 'invalid_metadata', seen, {
    hint: 'The server must serve its metadata at one of these addresses, with CORS headers for the origin of the app.',
    spec: 'RFC 8414, section 3; OpenID Connect Discovery 1.0, section 4',
    cause: best,
    ...(best?.code === 'network' && { retryable: true }),
  })
}

/** In the order of the Model Context Protocol, which is that of RFC 8414, section 5. */
function addressesOf(issuer: string): readonly string[] {
  const url = new URL(issuer)
  url.pathname = url.pathname.replace(/\/$/, '')
  const { origin, pathname } = url
  const path = pathname.replace(/\/$/, '')
  const inserted = ['oauth-authorization-server', 'openid-configuration'].map((name) => wellKnownUrl(url, name).href)
  return path === '' ? inserted : [...inserted, `${origin}${path}/.well-known/openid-configuration`]
}

function isMissing(cause: unknown): cause is OAuthClientError {
  return cause instanceof OAuthClientError && /^(?:invalid_metadata|network)$/.test(cause.code)
}

/** @returns the issuer in the metadata, if it differs from the expected one by a slash at the end alone */
function sameWithoutSlash(cause: unknown): string | undefined {
  if (!(cause instanceof OAuthClientError) || cause.code !== 'issuer_mismatch' || !isRecord(cause.cause)) return undefined
  const { received, expected } = cause.cause as Partial<ComparedIssuers>
  const isSame = received?.replace(/\/$/, '') === expected?.replace(/\/$/, '')
  return isSame ? received : undefined
}
