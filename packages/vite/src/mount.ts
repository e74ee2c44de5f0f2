import type { LatchkeyOptions } from './latchkey-options.js'

/** Paths of the dev server that the plugin handles. */
export interface Mount {
  /** Vite's `base`, which starts and ends with a slash. */
  readonly base: string
  /** Path of the issuer, without a trailing slash. */
  readonly path: string
  /** Path of the protected API, or undefined if it is off. */
  readonly api: string | undefined
}

/**
 * Returns the mounted paths.
 *
 * @param base Vite's resolved `base`
 * @throws Error if an option is not a path below the base
 */
export function mountOf({ path = '/oauth', api }: LatchkeyOptions, base: string): Mount {
  return { base, path: join(base, path, 'path'), api: api === undefined ? undefined : join(base, api, 'api') }
}

/** Returns true for the issuer's paths, its metadata at the root of the origin (RFC 8414, section 3.1), and the API. */
export function isMounted({ path, api }: Mount, pathname: string): boolean {
  const metadata = ['oauth-authorization-server', 'openid-configuration'].map((name) => `/.well-known/${name}${path}`)
  return isBelow(path, pathname) || (api !== undefined && isBelow(api, pathname)) || metadata.includes(pathname)
}

/** Returns true if the path is the prefix or is below it. */
export function isBelow(prefix: string, pathname: string): boolean {
  return pathname === prefix || pathname.startsWith(`${prefix}/`)
}

function join(base: string, path: string, option: string): string {
  const segments = path.split('/').filter(Boolean)
  const isPath = segments.length > 0 && segments.every((segment) => /^[\w.~-]+$/.test(segment) && !/^\.+$/.test(segment))
  if (!isPath) {
    throw new Error(
      `[latchkey] "${option}" must be a path below Vite's base, such as "/${option === 'api' ? 'api' : 'oauth'}". Received "${path}".`,
    )
  }
  return base + segments.join('/')
}
