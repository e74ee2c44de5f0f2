import { createError } from './create-error.js'

/**
 * Checks arguments in production as well, where no other check names them: without them the function would fail somewhere inside.
 *
 * @throws ConfigurationError
 */
export function requireKind(where: string, kind: 'string' | 'object' | 'function', ...values: readonly unknown[]): void {
  if (values.every((value) => typeof value === kind && value !== null)) return
  throw createError('configuration', `${where}: an argument is missing or has another type.`, {
    hint: 'A development build names the argument.',
  })
}
