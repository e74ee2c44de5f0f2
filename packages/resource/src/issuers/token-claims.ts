/** Claims of a verified token before the schema of the API: those of the JWT, or of the introspection response. */
export interface TokenClaims {
  readonly iss?: string | undefined
  readonly sub?: string | undefined
  readonly aud?: string | readonly string[] | undefined
  readonly exp?: number | undefined
  readonly iat?: number | undefined
  readonly jti?: string | undefined
  readonly scope?: unknown
  readonly client_id?: unknown
  readonly acr?: unknown
  readonly auth_time?: unknown
  readonly cnf?: unknown
  readonly [name: string]: unknown
}

/** A token that its issuer has vouched for: by its signature, or at the introspection endpoint. */
export interface CheckedToken {
  readonly issuer: string
  readonly claims: TokenClaims
  readonly clientId: string | undefined
  readonly scope: readonly string[]
}

/** Returns a scope as a list: a space-separated string, or a list as some issuers send it. */
export function scopeList(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(' ').filter((name) => name !== '')
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []
}

/** Returns the text, if the value is one. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Tells whether an audience, a value or a list, has one of the expected values. */
export function hasAudience(audience: unknown, expected: readonly string[]): boolean {
  if (typeof audience === 'string') return expected.includes(audience)
  return Array.isArray(audience) && audience.some((one) => typeof one === 'string' && expected.includes(one))
}
