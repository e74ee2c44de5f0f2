import { authorizationCode } from '../token/grants/authorization-code.js'
import { refreshToken } from '../token/grants/refresh-token.js'
import { checkListedClient, checkOptions } from './check-options.js'
import type { AuditEvent, ServerHooks } from './audit-event.js'
import { resolveRequestObjectOptions } from '../features/jar/request-object-options.js'
import { DEFAULT_SCOPES, type AuthorizationServerOptions } from './server-options.js'
import type { ServerParts } from './server-parts.js'
import { completeSite } from '../site/complete-site.js'
import { clientList, type ClientRecord, type ClientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { storesOver } from '../storage/stores.js'
import { createKeyRing } from '../token/key-ring.js'
import { randomGenerator, type TokenGenerator } from '../token/token-generator.js'

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
  checkOptions(given)
  const { issuer, now } = options
  const hooks = safeHooks(options.hooks)
  const base = issuer.replace(/\/$/, '')
  const keys = createKeyRing({ ...options.keyRotation, now, ...(options.keys ? { keys: options.keys } : {}) })
  return {
    ...options,
    hooks,
    base,
    scopes: given.scopes ?? DEFAULTS.scopes,
    scopeClaims: given.scopeClaims ?? DEFAULTS.scopeClaims,
    path: new URL(base).pathname.replace(/\/$/, ''),
    clients: isClientStore(options.clients)
      ? options.clients
      : listed(options.clients, { keys, authenticateClient: options.authenticateClient }),
    stores: options.stores ?? storesOver(memoryStore({ now })),
    requestObjects: resolveRequestObjectOptions(options.requestObjects),
    tokens: asGenerator(options.tokens),
    keys,
    site: completeSite(options.site),
    secret: checkSecret(options.secret ?? crypto.getRandomValues(new Uint8Array(32))),
    emit: (event) => emit(hooks, { ...event, at: now() }),
  }
}

/** A listener that fails must not fail the request that it was told of. */
function emit({ onEvent, onError }: ServerHooks, event: AuditEvent): void {
  const report = (error: unknown): void => onError?.(error)
  try {
    void Promise.resolve(onEvent?.(event)).catch(report)
  } catch (error) {
    report(error)
  }
}

/** Nobody is left to tell of a fault in the listener for faults. */
function safeHooks(hooks: ServerHooks): ServerHooks {
  return {
    onEvent: (event) => hooks.onEvent?.(event),
    rateLimit: (request) => hooks.rateLimit?.(request),
    onError(fault) {
      try {
        void Promise.resolve(hooks.onError?.(fault)).catch(() => undefined)
      } catch {
        // As above.
      }
    },
  }
}

function checkSecret(secret: Uint8Array): Uint8Array {
  if (secret.byteLength < 32) throw new TypeError('secret: expected at least 32 bytes (RFC 7518, section 3.2)')
  return secret
}

function asGenerator(tokens: AuthorizationServerOptions['tokens']): TokenGenerator {
  return typeof tokens === 'function' ? { generate: tokens } : (tokens ?? randomGenerator())
}

function listed(clients: readonly ClientRecord[], limits: Parameters<typeof checkListedClient>[1]): ClientStore {
  const store = clientList(clients)
  for (const client of clients) checkListedClient(client, limits)
  return store
}

function isClientStore(clients: readonly ClientRecord[] | ClientStore): clients is ClientStore {
  return !Array.isArray(clients)
}
