import type { UserClaims } from './claims.js'
import type { StandardSchema } from './client-options.js'
import { ValidationError } from './errors.js'

/**
 * @param schema any Standard Schema
 * @returns what the schema makes of the claims
 * @throws ValidationError invalid_claims, naming the claims that do not fit (never their values)
 */
export async function checkClaims(schema: StandardSchema<unknown>, claims: UserClaims): Promise<UserClaims> {
  const result = await schema['~standard'].validate(claims)
  if (!result.issues) return result.value as UserClaims
  const names = result.issues.map(
    ({ path }) => path?.map((part) => String(typeof part === 'object' ? part.key : part)).join('.') ?? '(all)',
  )
  throw new ValidationError('invalid_claims', `the ID token's claims do not fit the "claims" schema: ${names.join(', ')}`, {
    hint: 'Ask for the scope that brings these claims, or make them optional in the schema.',
  })
}
