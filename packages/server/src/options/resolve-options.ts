import { completeSite } from '../site/complete-site.js'
import type { ClientRecord } from '../storage/client-record.js'
import { clientList, type ClientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { storesOver } from '../storage/stores.js'
import { storesOfIssuer } from '../storage/stores-of-issuer.js'
import { authorizationCode } from '../token/grants/authorization-code.js'
import { ReportedError } from '../http/reported-error.js'
import type { Feature } from '../features/feature.js'
import type { Grant } from '../token/grants/grant.js'
import { refreshToken } from '../token/grants/refresh-token.js'
import { withJoinedFamilies } from '../token/joined-families.js'
import { createKeyRing } from '../token/key-ring.js'
import { randomGenerator, type TokenGenerator } from '../token/token-generator.js'
import { checkListedClient, checkOptions } from './check-options.js'
import { outgoingRequests } from './outgoing-requests.js'
import type { ServerContext } from './server-context.js'
import type { AuditEvent, ServerHooks } from './server-hooks.js'
import { DEFAULT_SCOPES, type AuthorizationServerOptions } from './server-options.js'
import { createSecret } from './unshared-secret.js'
import { withoutUndefined } from './without-undefined.js'
import { checkClientMembers, checkForSecret } from '../storage/check-client-record.js'
import { checkedClients } from '../storage/checked-clients.js'
import { endpointPath, type EndpointPaths } from '../http/endpoint-paths.js'
import { isLoopbackUrl } from '../http/loopback.js'
import { resolveGuessLimits } from '../limits/guess-limits.js'
import { asJwk } from '../token/pem-key.js'

/** The server's context without what features contribute to it. */
export type ResolvedOptions = Omit<
  ServerContext,
  'assertionAudiences' | 'proofOfPossession' | 'authorizationDetails' | 'notifySessionReplaced'
> & { readonly grants: readonly Grant[] }

const DEFAULTS = {
  grants: [authorizationCode(), refreshToken()],
  scopes: DEFAULT_SCOPES,
  scopeClaims: {},
  claimsInIdToken: true,
  sessionLifetime: 86_400,
  consentLifetime: 7_776_000,
  paths: {},
  crossOriginOpenerPolicy: undefined,
  uniqueTokens: false,
  allowInsecureHttp: false,
  acrValues: [],
  authenticateClient: undefined,
  scopePolicy: undefined,
  hooks: {},
  now: Date.now,
} as const

/** On loopback, a server may have another port after a restart. Browsers do not keep cookies apart by it either. */
function ownerOfRecords(issuer: string): string {
  if (!isLoopbackUrl(issuer)) return issuer
  const { protocol, hostname, pathname } = new URL(issuer)
  return `${protocol}//${hostname}${pathname}`
}

/** Applies the defaults. Throws a TypeError that names the option that cannot work. */
export function resolveOptions(given: AuthorizationServerOptions): ResolvedOptions {
  checkOptions(given)
  const options = { ...DEFAULTS, ...withoutUndefined(given) }
  const { issuer, now, authenticateClient, allowInsecureHttp } = options
  const hooks = safeHooks(options.hooks)
  const base = issuer.replace(/\/$/, '')
  const stores = options.stores ? storesOfIssuer(options.stores, ownerOfRecords(issuer)) : storesOver(memoryStore({ now }))
  const keys = createKeyRing({ ...options.keyRotation, now, keys: options.keys?.map(asJwk) })
  return {
    ...options,
    hooks,
    base,
    scopes: given.scopes ?? DEFAULTS.scopes,
    scopeClaims: given.scopeClaims ?? DEFAULTS.scopeClaims,
    consentLifetime: options.consentLifetime ?? undefined,
    urlOf: createUrlOf(base, options.paths),
    path: new URL(base).pathname.replace(/\/$/, ''),
    clients: checkedClients(
      isClientStore(options.clients)
        ? options.clients
        : listed(options.clients, { keys, authenticateClient, allowInsecureHttp }, given.features),
    ),
    stores: options.uniqueTokens ? withJoinedFamilies(stores) : stores,
    tokens: asGenerator(options.tokens),
    keys,
    guessLimits: resolveGuessLimits(given.guessLimits),
    site: completeSite(options.site),
    secret: checkSecret(options.secret ?? createSecret(given.stores !== undefined)),
    emit: (event) => emit(hooks, { at: now(), ...event }),
    ...outgoingRequests(given),
  }
}

/** Returns the URLs of endpoints, each made once: several are needed with every request. */
function createUrlOf(base: string, paths: EndpointPaths): (path: string) => string {
  const urls = new Map<string, string>()
  return (path) => {
    const url = urls.get(path) ?? base + endpointPath(path, paths)
    urls.set(path, url)
    return url
  }
}

/** An error in a listener must not fail the request. */
function emit({ onEvent, onError }: ServerHooks, event: AuditEvent): void {
  const report = (error: unknown): void => onError?.(error)
  try {
    const work = onEvent?.(event)
    if (work) void Promise.resolve(work).catch(report)
  } catch (error) {
    report(error)
  }
}

/** The response says no more than `server_error`, so a host without a listener would never see the reason. */
function logError(error: unknown): void {
  if (error instanceof ReportedError) {
    // oxlint-disable-next-line no-console -- the default listener; a host replaces it with "onError"
    console.error(`latchkey: ${error.message}`)
    return
  }
  // oxlint-disable-next-line no-console -- the default listener; a host replaces it with "onError"
  console.error('latchkey: the server could not handle a request.', error)
}

/** An error in the error listener cannot be reported anywhere. */
function safeHooks(hooks: ServerHooks): ServerHooks {
  const onError = (reason: unknown): void => {
    try {
      void Promise.resolve((hooks.onError ?? logError)(reason)).catch(() => undefined)
    } catch {
      // As above.
    }
  }
  return {
    onError,
    onEvent: (event) => hooks.onEvent?.(event),
    rateLimit: (request) => hooks.rateLimit?.(request),
    waitUntil(work) {
      try {
        hooks.waitUntil?.(work)
      } catch (error) {
        onError(error)
      }
    },
  }
}

function checkSecret(secret: Uint8Array): Uint8Array {
  if (secret.byteLength < 32) throw new TypeError('secret: expected at least 32 bytes (RFC 7518, section 3.2)')
  if (secret.every((byte) => byte === 0)) throw new TypeError('secret: expected random bytes, but all of them are 0')
  return secret
}

function asGenerator(tokens: AuthorizationServerOptions['tokens']): TokenGenerator {
  return typeof tokens === 'function' ? { generate: tokens } : (tokens ?? randomGenerator())
}

function listed(
  clients: readonly ClientRecord[],
  limits: Parameters<typeof checkListedClient>[1],
  features: AuthorizationServerOptions['features'] = [],
): ClientStore {
  const store = clientList(clients)
  const members = Object.assign(
    {},
    ...features.map((feature) => (feature as Partial<Feature> | undefined)?.clientMetadata?.members),
  ) as Readonly<Record<string, unknown>>
  for (const client of clients) {
    checkClientMembers(client, members)
    checkForSecret(client)
    checkListedClient(client, limits)
  }
  return store
}

function isClientStore(clients: readonly ClientRecord[] | ClientStore): clients is ClientStore {
  return !Array.isArray(clients)
}
