import { type OptionKind, type OptionNames, refuseOtherKind, refuseUnknownOptions } from '../errors/unknown-options.js'
import type { OpenIdProxyOptions, ProxyOptions } from './preset.js'

// Loaded in development only.

export const PROXY: OptionNames<ProxyOptions> = { tokenEndpoint: 'string' }

export const OPENID_PROXY: OptionNames<OpenIdProxyOptions> = { ...PROXY, jwksUri: 'string', userInfoEndpoint: 'string' }

/**
 * Checks the arguments of a preset: one that is missing would become a part of a URL, such as `https://undefined/`.
 *
 * @param texts the required texts, by name
 * @param options and their names
 * @throws ConfigurationError
 */
export function checkPreset(
  where: string,
  texts: Readonly<Record<string, unknown>>,
  [options, names]: readonly [options?: unknown, names?: Readonly<Record<string, OptionKind>>] = [],
): void {
  for (const [name, value] of Object.entries(texts)) refuseOtherKind(where, name, [value, 'string', 'filled'])
  refuseUnknownOptions(where, options, names ?? {})
}
