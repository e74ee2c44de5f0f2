import { refuseOtherKind } from '../errors/unknown-options.js'
import { requireKind } from '../errors/require-kind.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import type { RegistryEntry } from './registry-entry.js'

const OPTIONS = {
  CLIENT_ID: 'clientId',
  ISSUER: 'issuer',
  SCOPE: 'scope',
  REDIRECT_URI: 'redirectUri',
  API_BASE_URL: 'apiBaseUrl',
} as const satisfies Readonly<Record<string, keyof RegistryEntry>>

/**
 * Reads options from variables named `{NAME}_{KEY}` in upper case, such as `GITHUB_CLIENT_ID`, with or without Vite's prefix `VITE_`.
 *
 * @param env `import.meta.env`, `process.env` or a similar record
 * @returns the options whose variables are set and not empty
 */
export function optionsFromEnv(name: string, env: Readonly<Record<string, unknown>>): Partial<RegistryEntry> {
  if (IS_DEVELOPMENT) {
    refuseOtherKind('optionsFromEnv()', 'name', [name, 'string', 'required'])
    refuseOtherKind('optionsFromEnv()', 'env', [env, 'object', 'required'])
  }
  requireKind('optionsFromEnv()', 'string', name)
  requireKind('optionsFromEnv()', 'object', env)
  const prefix = name.replace(/[^a-z0-9]+/gi, '_').toUpperCase()
  const found = Object.entries(OPTIONS).flatMap(([key, option]) => {
    const value = env[`${prefix}_${key}`] ?? env[`VITE_${prefix}_${key}`]
    return typeof value === 'string' && value !== '' ? [[option, value] as const] : []
  })
  return Object.fromEntries(found)
}
