import { authorizationCode } from './grants/authorization-code.js'
import { refreshToken } from './grants/refresh-token.js'
import type { AuditEvent, ServerHooks } from './audit-event.js'
import { resolveRequestObjectOptions } from './request-objects/request-object-options.js'
import { DEFAULT_SCOPES, type AuthorizationServerOptions } from './server-options.js'
import type { ServerParts } from './server-parts.js'
import { completeSite } from './site/complete-site.js'
import { clientList, type ClientRecord, type ClientStore } from './storage/client-store.js'
import { memoryStore } from './storage/memory-store.js'
import { storesOver } from './storage/stores.js'
import { createKeyRing } from './tokens/key-ring.js'
import { randomGenerator, type TokenGenerator } from './tokens/token-generator.js'

const DEFAULTS = {
  grants: [authorizationCode(), refreshToken()],
  scopes: DEFAULT_SCOPES,
  scopeClaims: {},
  claimsInIdToken: true,
  sessionLifetime: 86_400,
  crossOriginOpenerPolicy: undefined,
  uniqueTokens: false,
  dpop: {},
  registration: undefined,
  requirePushedAuthorizationRequests: false,
  authorizationDetailsTypes: {},
  acrValues: [],
  authenticateClient: undefined,
  scopePolicy: undefined,
  fetch: (input: string | URL | Request, init?: RequestInit): Promise<Response> => globalThis.fetch(input, init),
  hooks: {},
  now: Date.now,
} as const

/** @returns the parts of a server; throws a TypeError that names the option for what cannot work */
export function resolveOptions(given: AuthorizationServerOptions): ServerParts {
  const options = { ...DEFAULTS, ...given }
  const { issuer, hooks, now } = options
  const base = checkIssuer(issuer).replace(/\/$/, '')
  return {
    ...options,
    base,
    path: new URL(base).pathname.replace(/\/$/, ''),
    clients: isClientStore(options.clients) ? options.clients : clientList(options.clients),
    stores: options.stores ?? storesOver(memoryStore({ now })),
    requestObjects: resolveRequestObjectOptions(options.requestObjects),
    tokens: asGenerator(options.tokens),
    keys: createKeyRing({ ...options.keyRotation, now, ...(options.keys ? { keys: options.keys } : {}) }),
    site: completeSite(options.site),
    secret: checkSecret(options.secret ?? crypto.getRandomValues(new Uint8Array(32))),
    emit: (event) => emit(hooks, { ...event, at: now() }),
  }
}

/** A listener that fails must not fail the request that it was told of. */
function emit(hooks: ServerHooks, event: AuditEvent): void {
  const report = (error: unknown): void => hooks.onError?.(error)
  try {
    void Promise.resolve(hooks.onEvent?.(event)).catch(report)
  } catch (error) {
    report(error)
  }
}

/** @see RFC 8414, section 2: a URL without query and fragment. http is for loopback and development. */
function checkIssuer(issuer: string): string {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || issuer.includes('?') || issuer.includes('#')) {
    throw new TypeError('issuer: expected an http or https URL without query and fragment (RFC 8414, section 2)')
  }
  return issuer
}

function checkSecret(secret: Uint8Array): Uint8Array {
  if (secret.byteLength < 32) throw new TypeError('secret: expected at least 32 bytes (RFC 7518, section 3.2)')
  return secret
}

function asGenerator(tokens: AuthorizationServerOptions['tokens']): TokenGenerator {
  return typeof tokens === 'function' ? { generate: tokens } : (tokens ?? randomGenerator())
}

function isClientStore(clients: readonly ClientRecord[] | ClientStore): clients is ClientStore {
  return !Array.isArray(clients)
}
