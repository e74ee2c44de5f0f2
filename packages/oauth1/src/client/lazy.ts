import { throwLoadFailure } from '@latchkey/core/internals'

// The dynamic imports of the lazy chunk are in `lazy-rare.ts` and `load-problems.ts`: an import also decides how a bundler cuts the modules.

/**
 * Loads the code that signs and talks to the provider. A start with a stored session, or without one, loads none of it.
 *
 * @throws NetworkError module_load_failed
 */
export const loadSigning = (): Promise<typeof import('./signing.js')> => import('./signing.js').catch(throwLoadFailure)
