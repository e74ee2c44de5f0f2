import { createError } from '@latchkey/core/internals'

// A start with a stored session, or without one, loads none of it. `load-problems.ts` has the other dynamic import.

/**
 * Loads the code that signs and talks to the provider.
 *
 * @throws NetworkError module_load_failed
 */
export function loadSigning(): Promise<typeof import('./signing.js')> {
  return import('./signing.js').catch((cause: unknown) => {
    throw createError('module_load_failed', undefined, { retryable: true, cause })
  })
}
