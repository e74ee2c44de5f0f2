import { checkUrl } from './check-url.js'
import type { LatchkeyOptions, LatchkeySettings } from './latchkey-options.js'

/** The app's client id if the option `clientId` is absent. */
export const DEFAULT_CLIENT_ID = 'app'
const DEFAULT_SCOPE = 'openid profile email offline_access'

/** Sources of the app's settings. Variables override the options; without either, the app uses the embedded server. */
export interface SettingsSource {
  readonly options: LatchkeyOptions
  /** Vite's `VITE_…` variables for this mode. */
  readonly env: Readonly<Record<string, string | boolean | undefined>>
  /** True for `vite build`. */
  readonly isBuild: boolean
}

/**
 * Returns the settings of an external authorization server, or undefined if the app uses the embedded one.
 *
 * @throws Error if only one of `VITE_LATCHKEY_ISSUER` and `VITE_LATCHKEY_CLIENT_ID` is set, or a variable is not a URL
 */
export function externalServerSettings(source: SettingsSource): LatchkeySettings | undefined {
  const { options, isBuild } = source
  const { resources = options.resources, scope = options.scope, ...variables } = readVariables(source)
  const given: LatchkeyOptions['production'] = variables.server ?? (isBuild ? options.production : undefined)
  return given && { ...given, resources: given.resources ?? resources ?? [], scope: given.scope ?? scope ?? DEFAULT_SCOPE }
}

/** Servers that refuse a request with this scope: they issue refresh tokens by other rules. */
const REFUSES_OFFLINE_ACCESS = /^https:\/\/(?:accounts\.google\.com|cognito-idp\.[\w-]+\.amazonaws\.com(?:\.cn)?)(?:\/|$)/

/** Returns a warning if the scope contains `offline_access`, which the plugin's default does, and the server refuses it. */
export function offlineAccessWarning({ issuer, scope }: Pick<LatchkeySettings, 'issuer' | 'scope'>): string | undefined {
  if (!REFUSES_OFFLINE_ACCESS.test(issuer) || !scope.split(' ').includes('offline_access')) return undefined
  const rest = scope.replace(/ ?\boffline_access\b/, '').trim()
  return `${issuer} refuses the scope "offline_access", which the app requests. Set VITE_LATCHKEY_SCOPE="${rest}", or "scope" in the "production" option.`
}

interface Variables {
  readonly server: Pick<LatchkeySettings, 'issuer' | 'clientId'> | undefined
  readonly scope: string | undefined
  readonly resources: readonly string[] | undefined
}

function readVariables({ env }: SettingsSource): Variables {
  const variable = (name: string): string | undefined => env[`VITE_LATCHKEY_${name}`]?.toString().trim() || undefined
  const issuer = variable('ISSUER')
  const clientId = variable('CLIENT_ID')
  if ((issuer === undefined) !== (clientId === undefined)) {
    throw new Error(
      `[latchkey] VITE_LATCHKEY_ISSUER and VITE_LATCHKEY_CLIENT_ID must be set together: ${issuer ? 'the client id' : 'the issuer'} is missing. ` +
        'Set both (for a build, in .env.production) or neither.',
    )
  }
  if (issuer) checkUrl('VITE_LATCHKEY_ISSUER', issuer)
  const resources = variable('RESOURCES')?.split(/\s+/)
  for (const resource of resources ?? []) checkUrl('VITE_LATCHKEY_RESOURCES', resource, 'http://localhost')
  return { server: issuer && clientId ? { issuer, clientId } : undefined, scope: variable('SCOPE'), resources }
}

/** Where the module's code runs. */
export interface ModuleAddress {
  /** Vite's resolved `base`: a path, or in a build also `./` or the URL of a CDN. */
  readonly base: string
  /** The option `origin`, for a server behind a proxy. */
  readonly origin: string | undefined
}

/** Where pages of the dev or preview server find the embedded server. */
export interface EmbeddedAddress extends ModuleAddress {
  /** Path of the issuer. */
  readonly path: string
  /** Path of the app's pages on the dev or preview server. */
  readonly appPath: string
  /** The origin for code that runs without a page: server rendering, tests, scripts. */
  readonly listeningOrigin: string
}

/**
 * Returns the source of `virtual:latchkey` for an external authorization server. Without a page and without the option `origin`, paths
 * stay paths: during server rendering nothing is sent or redirected.
 */
export function externalServerModule(settings: LatchkeySettings, address: ModuleAddress): string {
  const { issuer, clientId, scope, resources, redirectUri } = settings
  // The files are on the CDN, the pages are not.
  const appPath = /^(?:[a-z]+:)?\/\//i.test(address.base) ? '/' : address.base
  const home = isRelative(appPath) ? pageFolder('/') : JSON.stringify(appPath)
  const isPath = redirectUri !== undefined && !/^(?:[a-z][a-z\d+.-]*:|\/)/i.test(redirectUri)
  const target = isPath ? belowHome(redirectUri, appPath) : redirectUri === undefined ? home : JSON.stringify(redirectUri)
  return `${originSource(address.origin)}
const resolve = (url) => (origin ? new URL(url, origin).href : url)
export default {
  issuer: ${JSON.stringify(issuer)},
  clientId: ${JSON.stringify(clientId)},
  scope: ${JSON.stringify(scope)},
  resources: ${JSON.stringify(resources.length > 0 ? resources.map((url) => asAbsolutePath(url)) : ['/'])}.map(resolve),
  redirectUri: resolve(${target}),
}
`
}

/**
 * Returns the source of `virtual:latchkey` for the embedded server. The issuer is built from the page's own address, so that it is
 * exactly what the browser sees: `localhost` and `127.0.0.1` are two issuers.
 */
export function embeddedServerModule(address: EmbeddedAddress, options: LatchkeyOptions): string {
  const { clientId = DEFAULT_CLIENT_ID, scope = DEFAULT_SCOPE, resources = ['/'] } = options
  const home = isRelative(address.base) ? pageFolder(address.appPath) : JSON.stringify(address.appPath)
  return `${originSource(address.origin, address.listeningOrigin)}
export default {
  issuer: origin + ${JSON.stringify(address.path)},
  clientId: ${JSON.stringify(clientId)},
  scope: ${JSON.stringify(scope)},
  resources: ${JSON.stringify(resources)}.map((resource) => new URL(resource, origin).href),
  redirectUri: new URL(${home}, origin).href,
}
`
}

/** A relative path is below the app's base URL, as those of `clients` are. */
function belowHome(path: string, appPath: string): string {
  const absolute = JSON.stringify(asAbsolutePath(path, isRelative(appPath) ? '/' : appPath))
  return isRelative(appPath)
    ? `globalThis.document?.baseURI ? new URL(${JSON.stringify(path)}, document.baseURI).href : ${absolute}`
    : absolute
}

/** Without a page, the app accepts paths only if they start with a slash. */
function asAbsolutePath(url: string, base = '/'): string {
  if (/^(?:[a-z][a-z\d+.-]*:|\/)/i.test(url)) return url
  const { pathname, search } = new URL(url, `http://localhost${base}`)
  return pathname + search
}

/** The origin of the page or worker. That of sandboxed and blank pages is the string "null", which nothing can be resolved from. */
function originSource(origin: string | undefined, fallback?: string): string {
  if (origin) return `const origin = ${JSON.stringify(origin)}`
  return `const page = globalThis.location?.origin
const origin = page && page !== 'null' ? page : ${JSON.stringify(fallback) ?? 'undefined'}`
}

function isRelative(base: string): boolean {
  return base === '' || base.startsWith('.')
}

/** With a relative base, only the page knows the folder that it is in. */
function pageFolder(fallback: string): string {
  return `globalThis.document?.baseURI ? new URL('.', document.baseURI).href : ${JSON.stringify(fallback)}`
}
