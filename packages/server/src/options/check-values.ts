import { findSimilar } from './find-similar.js'
import type { AuthorizationServerOptions } from './server-options.js'

type Option = keyof AuthorizationServerOptions

const KINDS: Readonly<Partial<Record<Option, 'function' | 'boolean' | 'object'>>> = {
  scopePolicy: 'function',
  authenticateClient: 'function',
  fetch: 'function',
  now: 'function',
  claimsInIdToken: 'boolean',
  uniqueTokens: 'boolean',
  allowInsecureHttp: 'boolean',
  scopeClaims: 'object',
  paths: 'object',
  hooks: 'object',
  keyRotation: 'object',
  stores: 'object',
}
const OPENER_POLICIES = ['same-origin', 'same-origin-allow-popups', 'noopener-allow-popups', 'unsafe-none']

/** Throws a TypeError for an option whose value is of another kind: most would only fail, or be ignored, at a request. */
export function checkValues(options: AuthorizationServerOptions): void {
  for (const [name, kind] of Object.entries(KINDS)) {
    const value: unknown = options[name as Option]
    if (value !== undefined && !isOfKind(value, kind))
      throw new TypeError(`${name}: expected ${kind === 'object' ? 'an object' : `a ${kind}`}`)
  }
  const { secret, crossOriginOpenerPolicy, corsOrigin } = options as { readonly [Name in Option]?: unknown }
  if (secret !== undefined && !(secret instanceof Uint8Array))
    throw new TypeError('secret: expected a Uint8Array of at least 32 random bytes, such as Buffer.from(text, "base64")')
  checkOpenerPolicy(crossOriginOpenerPolicy)
  if (corsOrigin !== undefined && typeof corsOrigin !== 'string' && !Array.isArray(corsOrigin))
    throw new TypeError('corsOrigin: expected an origin or a list of origins')
}

function checkOpenerPolicy(policy: unknown): void {
  if (policy === undefined || OPENER_POLICIES.includes(policy as string)) return
  const similar = typeof policy === 'string' ? findSimilar(policy, OPENER_POLICIES) : undefined
  const hint = similar === undefined ? '' : ` Did you mean "${similar}"?`
  throw new TypeError(`crossOriginOpenerPolicy: expected one of ${OPENER_POLICIES.join(', ')}.${hint}`)
}

function isOfKind(value: unknown, kind: 'function' | 'boolean' | 'object'): boolean {
  return typeof value === kind && value !== null && !Array.isArray(value)
}
