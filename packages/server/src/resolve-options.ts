import { authorizationCode } from './grants/authorization-code.js'
import { refreshToken } from './grants/refresh-token.js'
import type { AuthorizationServerOptions } from './server-options.js'
import { DEFAULT_SCOPES } from './server-options.js'
import type { ServerParts } from './server-parts.js'
import { completeSite } from './site/complete-site.js'
import { clientList, type ClientRecord, type ClientStore } from './storage/client-store.js'
import { memoryStore } from './storage/memory-store.js'
import { storesOver } from './storage/stores.js'
import { createKeyRing } from './tokens/key-ring.js'
import { randomGenerator } from './tokens/token-generator.js'

/** @returns the parts of a server; throws a TypeError that names the option for what cannot work */
export function resolveOptions(options: AuthorizationServerOptions): ServerParts {
  const { issuer, site, tokens = randomGenerator(), hooks = {}, now = Date.now } = options
  const base = checkIssuer(issuer).replace(/\/$/, '')
  const secret = options.secret ?? crypto.getRandomValues(new Uint8Array(32))
  if (secret.byteLength < 32) throw new TypeError('secret: expected at least 32 bytes (RFC 7518, section 3.2)')
  return {
    issuer,
    base,
    path: new URL(base).pathname.replace(/\/$/, ''),
    grants: options.grants ?? [authorizationCode(), refreshToken()],
    clients: isClientStore(options.clients) ? options.clients : clientList(options.clients),
    stores: options.stores ?? storesOver(memoryStore({ now })),
    tokens: typeof tokens === 'function' ? { generate: tokens } : tokens,
    keys: createKeyRing(options.keys),
    site: completeSite(site),
    hooks,
    scopes: options.scopes ?? DEFAULT_SCOPES,
    scopeClaims: options.scopeClaims ?? {},
    claimsInIdToken: options.claimsInIdToken ?? true,
    secret,
    sessionLifetime: options.sessionLifetime ?? 86_400,
    crossOriginOpenerPolicy: options.crossOriginOpenerPolicy,
    now,
    emit: (event) => emit(hooks, { ...event, at: now() }),
  }
}

/** A listener that fails must not fail the request that it was told of. */
function emit(hooks: ServerParts['hooks'], event: Parameters<NonNullable<ServerParts['hooks']['onEvent']>>[0]): void {
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

function isClientStore(clients: readonly ClientRecord[] | ClientStore): clients is ClientStore {
  return !Array.isArray(clients)
}
