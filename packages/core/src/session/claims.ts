import { createError } from '../errors/create-error.js'
import type { ValidationError } from '../errors/errors.js'
import type { SchemaIssue } from './session-options.js'

/** Creates the error for claims that do not fit the schema. It names the claims, never their values. */
export function invalidClaims(issues: readonly SchemaIssue[]): ValidationError {
  const names = issues.map(
    ({ path }) => path?.map((part) => String(typeof part === 'object' ? part.key : part)).join('.') ?? '(all)',
  )
  return createError('invalid_claims', `The ID token's claims do not fit the "claims" schema: ${names.join(', ')}`, {
    hint: 'Request the scope that includes these claims, or make them optional in the schema.',
  })
}
