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
 * @throws Error if only one of `VITE_LATCHKEY_ISSUER` and `VITE_LATCHKEY_CLIENT_ID` is set
 */
export function externalServerSettings({ options, env, isBuild }: SettingsSource): LatchkeySettings | undefined {
  const variable = (name: string): string | undefined => env[`VITE_LATCHKEY_${name}`]?.toString().trim() || undefined
  const issuer = variable('ISSUER')
  const clientId = variable('CLIENT_ID')
  if ((issuer === undefined) !== (clientId === undefined)) {
    throw new Error(
      `[latchkey] VITE_LATCHKEY_ISSUER and VITE_LATCHKEY_CLIENT_ID must be set together: ${issuer ? 'the client id' : 'the issuer'} is missing. ` +
        'Set both (for a build, in .env.production) or neither.',
    )
  }
  const given = issuer && clientId ? { issuer, clientId } : isBuild ? options.production : undefined
  if (!given) return undefined
  return {
    resources: variable('RESOURCES')?.split(/\s+/) ?? options.resources ?? [],
    scope: variable('SCOPE') ?? options.scope ?? DEFAULT_SCOPE,
    ...given,
  }
}

/** Where pages of the dev server find the embedded server. */
export interface EmbeddedAddress {
  /** Vite's `base`, which starts and ends with a slash. */
  readonly base: string
  /** Path of the issuer. */
  readonly path: string
  /** The option `origin`, for a dev server behind a proxy. */
  readonly origin: string | undefined
  /** The origin for code that runs without a page: server rendering, scripts. */
  readonly listeningOrigin: string | undefined
}

/** Returns the source of `virtual:latchkey` for an external authorization server. */
export function externalServerModule(settings: LatchkeySettings): string {
  // Without resources the client's own default applies.
  const resources = settings.resources.length > 0 ? settings.resources : undefined
  return `export default ${JSON.stringify({ ...settings, resources })}\n`
}

/**
 * Returns the source of `virtual:latchkey` for the embedded server. The issuer is built from the page's own address, so that it is
 * exactly what the browser sees: `localhost` and `127.0.0.1` are two issuers.
 */
export function embeddedServerModule(address: EmbeddedAddress, options: LatchkeyOptions): string {
  const originSource = address.origin
    ? JSON.stringify(address.origin)
    : `globalThis.location?.origin ?? ${JSON.stringify(address.listeningOrigin)}`
  const { clientId = DEFAULT_CLIENT_ID, scope = DEFAULT_SCOPE, resources = ['/'] } = options
  return `const origin = ${originSource}
export default {
  issuer: origin + ${JSON.stringify(address.path)},
  clientId: ${JSON.stringify(clientId)},
  scope: ${JSON.stringify(scope)},
  resources: ${JSON.stringify(resources)}.map((resource) => new URL(resource, origin).href),
  redirectUri: origin + ${JSON.stringify(address.base)},
}
`
}
