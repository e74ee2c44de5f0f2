import { parseUrl } from '../platform/parse-url.js'
import { createError } from '../errors/create-error.js'
import type { ConfigurationError } from '../errors/errors.js'
import type { ClientOptions } from './client-options.js'
import { type Environment, environmentOf } from '../platform/environment.js'
import type { RequestObserver } from '../sign-in/sign-in-options.js'
import { indexedDb } from '../storage/indexed-db.js'
import { memory } from '../storage/memory.js'
import { TabStorage } from '../storage/tab-storage.js'
import type { TokenStorage } from '../storage/token-storage.js'

/** The options, checked once, and what follows from them. */
export interface ClientConfig {
  readonly options: ClientOptions
  readonly environment: Environment
  readonly issuer: string
  /** Short name of this client on this origin. */
  readonly key: string
  readonly storage: TokenStorage
  /** What this tab remembers of the client. */
  readonly tab: TabStorage
  readonly redirectUri: string | undefined
  readonly postLogoutRedirectUri: string | undefined
  readonly leewaySeconds: number
  readonly timeoutMs: number
  observer?: RequestObserver | undefined
}

/** @throws ConfigurationError for options that are missing, incomplete or contradict each other */
export function resolveOptions(options: ClientOptions): ClientConfig {
  const issuer = checkOptions(options ?? {})
  const environment = environmentOf(options)
  const page = environment.window
  const key = clientKey(issuer, options.clientId, options.name)
  const redirectUri = absolute(options.redirectUri, 'redirectUri', page) ?? (page && baseUrl(page))
  return {
    options: redirectUri ? { ...options, redirectUri } : options,
    environment,
    issuer,
    key,
    // Reading the property throws if site data is blocked. `in` does not, so the failure is reported when the storage is used.
    storage: options.storage ?? ('indexedDB' in globalThis ? indexedDb() : memory()),
    tab: new TabStorage(page, `latchkey/${key}/`),
    redirectUri,
    postLogoutRedirectUri: absolute(options.postLogoutRedirectUri, 'postLogoutRedirectUri', page) ?? redirectUri,
    leewaySeconds: options.leeway ?? 60,
    timeoutMs: (options.timeout ?? 30) * 1000,
  }
}

/** @returns the issuer */
function checkOptions({ issuer, server, clientId }: ClientOptions): string {
  if (issuer === undefined && server === undefined)
    throw misconfigured('"issuer" or "server" is missing.', 'Pass the issuer URL.')

  const name = issuer ?? server?.issuer
  if (typeof name !== 'string' || !parseUrl(name))
    throw misconfigured(`"issuer" is ${JSON.stringify(name)}: expected an absolute URL.`, 'Copy it from the provider.')
  if (typeof clientId !== 'string' || clientId === '')
    throw misconfigured('"clientId" is missing.', 'Pass the client id of this app.')

  return name
}

/** The app's base URL: that of `<base>`, else the root of the origin. The path of the page is where the user happens to be. */
function baseUrl({ document, location }: Window): string {
  return document.querySelector('base') ? new URL('.', document.baseURI).href : `${location.origin}/`
}

function absolute(uri: string | undefined, name: string, page: Window | undefined): string | undefined {
  if (uri === undefined) return undefined
  const base = page?.document.baseURI
  const url = parseUrl(uri, base)
  if (!url) {
    // During server rendering a path cannot be resolved, and the user is not redirected.
    if (!page && typeof uri === 'string' && uri.startsWith('/')) return undefined
    throw misconfigured(`"${name}" is ${JSON.stringify(uri)}: expected an absolute URL.`, 'Use location.origin plus a path.')
  }
  // Registered redirect URIs are compared character for character, so an absolute one is not normalized.
  return parseUrl(uri) ? uri : url.href
}

function misconfigured(message: string, hint: string): ConfigurationError {
  return createError('configuration', message, { hint })
}

/**
 * Creates a short name for one client of this origin. It is part of storage keys, locks and channels, and of the `state` of authorization
 * requests, by which a client recognizes its own responses before it reads the storage.
 */
export function clientKey(issuer: string, clientId: string, name: string | undefined): string {
  // As JSON, the three never run together.
  const text = JSON.stringify([issuer, clientId, name])
  return hash(text, 0x01000193) + hash(text, 0x5f356495)
}

/** FNV-1a, 32 bit (not for security), with a prime of its own: short, and the same in every tab. */
function hash(text: string, prime: number): string {
  let value = prime
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), prime)
  return (value >>> 0).toString(36).padStart(7, '0')
}
