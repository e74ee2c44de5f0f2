import { documentPath } from './client-document.js'
import type { LatchkeyOptions } from './latchkey-options.js'

/** Paths of the dev server that the plugin handles. */
export interface Mount {
  /** Path of the app's pages: Vite's `base` as its dev and preview servers use it. It starts and ends with a slash. */
  readonly base: string
  /** Path of the issuer, without a trailing slash. */
  readonly path: string
  /** Path of the protected API, or undefined if it is off. */
  readonly api: string | undefined
  /** Path of the client metadata document, or undefined if there is none. */
  readonly clientDocument?: string | undefined
}

/**
 * Returns the mounted paths.
 *
 * @param viteBase Vite's resolved `base`
 * @throws Error if an option is not a path below the base
 */
export function mountOf({ path = '/oauth', api, clientMetadata }: LatchkeyOptions, viteBase: string): Mount {
  const base = servedBase(viteBase)
  return {
    base,
    path: join(base, path, 'path'),
    api: api === undefined ? undefined : join(base, api, 'api'),
    ...(clientMetadata && { clientDocument: join(base, documentPath(clientMetadata), 'clientMetadata.path') }),
  }
}

/** Returns true for the issuer's paths, its metadata at the root of the origin (RFC 8414, section 3.1), the API, and the client document. */
export function isMounted({ path, api, clientDocument }: Mount, pathname: string): boolean {
  const metadata = ['oauth-authorization-server', 'openid-configuration'].map((name) => `/.well-known/${name}${path}`)
  if (pathname === clientDocument) return true
  return isBelow(path, pathname) || (api !== undefined && isBelow(api, pathname)) || metadata.includes(pathname)
}

/** Returns true if the path is the prefix or is below it. */
export function isBelow(prefix: string, pathname: string): boolean {
  return pathname === prefix || pathname.startsWith(`${prefix}/`)
}

/** For a build, `base` can be relative (`./`) or the URL of a CDN. Vite's servers use `/` and the URL's path then. */
function servedBase(base: string): string {
  return new URL(base, 'http://localhost').pathname
}

const EXAMPLES = { path: '/oauth', api: '/api', 'clientMetadata.path': '/client-metadata.json' } as const

function join(base: string, path: string, option: keyof typeof EXAMPLES): string {
  const segments = path.split('/').filter(Boolean)
  const isPath = segments.length > 0 && segments.every((segment) => /^[\w.~-]+$/.test(segment) && !/^\.+$/.test(segment))
  if (!isPath)
    throw new Error(`[latchkey] "${option}" must be a path below Vite's base, such as "${EXAMPLES[option]}". Received "${path}".`)
  return base + segments.join('/')
}
