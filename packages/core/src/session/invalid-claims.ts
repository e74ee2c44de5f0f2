import type { ValidationError } from '../errors/errors.js'
import { createError } from '../errors/create-error.js'
import type { StandardSchema } from './session-options.js'

type SchemaIssues = Exclude<Awaited<ReturnType<StandardSchema<unknown>['~standard']['validate']>>['issues'], undefined>

/** @returns the error for claims that do not fit the schema, naming the claims (never their values) */
export function invalidClaims(issues: SchemaIssues): ValidationError {
  const names = issues.map(
    ({ path }) => path?.map((part) => String(typeof part === 'object' ? part.key : part)).join('.') ?? '(all)',
  )
  return createError('invalid_claims', `the ID token's claims do not fit the "claims" schema: ${names.join(', ')}`, {
    hint: 'Ask for the scope that brings these claims, or make them optional in the schema.',
  })
}
