import { describeValue } from './check-shape.js'
import { checkUrl } from './check-url.js'
import { checkServerOptions } from './embedded-server.js'
import { knownScopes, scopeHint } from './known-scopes.js'
import type { LatchkeyOptions } from './latchkey-options.js'
import { isBelow, type Mount } from './mount.js'
import { nearestName } from './nearest-name.js'

/** The plugin provides these; in `server` they would have no effect. */
const PROVIDED = ['issuer', 'clients', 'keys', 'stores']

/**
 * Throws an Error that names an option which cannot work, so that Vite does not start. The embedded server itself checks clients and
 * users: it is created for this check.
 *
 * @param options with the names and kinds that `checkShape` accepts
 */
export function checkOptions(options: LatchkeyOptions, mount: Mount): void {
  if (options.server) refuseProvided(options.server)
  checkPaths(mount)
  checkOrigin(options.origin)
  checkUsers(options)
  checkClients(options)
  checkAddresses(options)
  try {
    checkServerOptions(options, mount)
  } catch (cause) {
    throw new Error(`[latchkey] ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

function refuseProvided(server: object): void {
  const name = PROVIDED.find((one) => one in server)
  if (name !== undefined) throw new Error(`[latchkey] "server.${name}" is provided by the plugin. Remove it.`)
}

/** Requests of the one would be handled by the other. */
function checkPaths({ path, api, clientDocument }: Mount): void {
  if (clientDocument !== undefined && [path, api].some((other) => other !== undefined && isBelow(other, clientDocument)))
    throw new Error(`[latchkey] "clientMetadata.path" must not be below "path" or "api". Received ${clientDocument}.`)
  if (api === undefined) return
  if (isBelow('/.well-known', api))
    throw new Error(`[latchkey] "api" must not be below "/.well-known". Received ${api}. Use "/api".`)
  if (!isBelow(api, path) && !isBelow(path, api)) return
  throw new Error(
    `[latchkey] "path" and "api" must not be the same path, nor one below the other. Received ${path} and ${api}. Use "/oauth" and "/api".`,
  )
}

function checkOrigin(origin: string | undefined): void {
  if (origin === undefined) return
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  if (url?.origin === origin && /^https?:$/.test(url.protocol)) return
  throw new Error(
    `[latchkey] "origin" must be an origin without a path, such as "https://dev.example.com". Received ${describeValue(origin)}.`,
  )
}

function checkUsers({ users, server }: LatchkeyOptions): void {
  if (users?.length === 0 && !server?.site) {
    throw new Error(
      '[latchkey] "users" must not be empty: no user could sign in. Remove it to use two test users, or add { sub }.',
    )
  }
}

function checkClients({ clients = [] }: LatchkeyOptions): void {
  const seen = new Set<string>()
  for (const { clientId, redirectUris = [], postLogoutRedirectUris = [] } of clients) {
    // The app's own client is merged with the first client of its id, so a second one would be ignored.
    if (seen.has(clientId)) throw new Error(`[latchkey] clients: "${clientId}" is listed twice.`)
    seen.add(clientId)
    for (const [name, uris] of Object.entries({ redirectUris, postLogoutRedirectUris })) {
      const invalid = uris.find((uri) => !URL.canParse(uri, 'http://localhost'))
      if (invalid === undefined) continue
      const hint = 'Use an absolute URI, or a path such as "/callback".'
      throw new Error(`[latchkey] clients: "${name}" of "${clientId}" has an invalid URI: ${describeValue(invalid)}. ${hint}`)
    }
  }
}

/**
 * Throws an Error for a scope that the embedded server does not know. It ignores such names, so a misspelled one would only show as missing
 * claims.
 */
export function checkScope(options: LatchkeyOptions): void {
  const { scope, server } = options
  // An empty list makes the server ignore the parameter.
  if (scope === undefined || server?.scopes?.length === 0) return
  const names = scope.split(/\s+/).filter(Boolean)
  if (names.length === 0) throw new Error('[latchkey] "scope" must not be empty. Remove it, or use "openid".')
  const known = knownScopes(options)
  const unknown = names.filter((name) => !known.includes(name))
  // With one name that exists, the sign-in works.
  const name = unknown.find((one) => nearestName(one, known)) ?? (unknown.length === names.length ? unknown[0] : undefined)
  if (name === undefined) return
  throw new Error(`[latchkey] "scope" has "${name}", which the server does not know. ${scopeHint(name, known)}`)
}

/** Throws an Error for addresses that no app can use. A path is resolved at the page's origin. */
function checkAddresses({ resources = [], production }: LatchkeyOptions): void {
  for (const [name, urls] of Object.entries({ resources, 'production.resources': production?.resources ?? [] }))
    for (const url of urls) checkUrl(name, url, 'http://localhost')
  if (!production) return
  checkUrl('production.issuer', production.issuer)
  if (production.redirectUri !== undefined) checkUrl('production.redirectUri', production.redirectUri, 'http://localhost')
}
