import type { LatchkeyOptions, LatchkeySettings } from './latchkey-options.js'

export const defaultClientId = 'app'
export const defaultScope = 'openid profile email offline_access'

/** Where the settings of a build come from: variables first, then the options, else the embedded server. */
export interface SettingsSource {
  readonly options: LatchkeyOptions
  /** Vite's `VITE_…` variables of this mode. */
  readonly env: Readonly<Record<string, string | boolean | undefined>>
  /** True for `vite build`. */
  readonly isBuild: boolean
}

/**
 * @returns the settings that name a server elsewhere; undefined when the app signs in at the embedded server
 * @throws Error when only one of `VITE_LATCHKEY_ISSUER` and `VITE_LATCHKEY_CLIENT_ID` is set
 */
export function outsideSettings({ options, env, isBuild }: SettingsSource): LatchkeySettings | undefined {
  const variable = (name: string): string | undefined => env[`VITE_LATCHKEY_${name}`]?.toString().trim() || undefined
  const issuer = variable('ISSUER')
  const clientId = variable('CLIENT_ID')
  if ((issuer === undefined) !== (clientId === undefined)) {
    throw new Error(
      `[latchkey] VITE_LATCHKEY_ISSUER and VITE_LATCHKEY_CLIENT_ID go together: ${issuer ? 'the client id' : 'the issuer'} is missing. ` +
        'Set both (for a build, in .env.production) or neither.',
    )
  }
  const given = issuer && clientId ? { issuer, clientId } : isBuild ? options.production : undefined
  if (!given) return undefined
  return {
    resources: variable('RESOURCES')?.split(/\s+/) ?? options.resources ?? [],
    scope: variable('SCOPE') ?? options.scope ?? defaultScope,
    ...given,
  }
}

/** The embedded server as its own dev server's pages see it. */
export interface EmbeddedAddress {
  /** Vite's `base`: begins and ends with a slash. */
  readonly base: string
  /** Path of the issuer. */
  readonly path: string
  /** The origin in front of a proxy, when one was given. */
  readonly origin: string | undefined
  /** The origin for code that runs where there is no page: server rendering, scripts. */
  readonly listeningOrigin: string | undefined
}

/** @returns the source of `virtual:latchkey` for a server elsewhere */
export function bakedModule(settings: LatchkeySettings): string {
  const { resources, ...others } = settings
  const baked = { ...others, ...(resources.length > 0 && { resources }) }
  return `export default ${JSON.stringify(baked)}\n`
}

/**
 * @returns the source of `virtual:latchkey` for the embedded server. The issuer is made from the page's own address, so that it is
 *   what the browser sees, letter for letter: `localhost` here and `127.0.0.1` there are two issuers.
 */
export function embeddedModule(address: EmbeddedAddress, options: LatchkeyOptions): string {
  const here = address.origin
    ? JSON.stringify(address.origin)
    : `globalThis.location?.origin ?? ${JSON.stringify(address.listeningOrigin)}`
  const { clientId = defaultClientId, scope = defaultScope, resources = ['/'] } = options
  return `const origin = ${here}
export default {
  issuer: origin + ${JSON.stringify(address.path)},
  clientId: ${JSON.stringify(clientId)},
  scope: ${JSON.stringify(scope)},
  resources: ${JSON.stringify(resources)}.map((resource) => new URL(resource, origin).href),
  redirectUri: origin + ${JSON.stringify(address.base)},
}
`
}
