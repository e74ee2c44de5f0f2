import { throwLoadFailure } from '@latchkey/core/internals'
import type { RareCalls } from './rare.js'

/**
 * Loads what few clients use, and the texts of errors.
 *
 * @throws NetworkError module_load_failed
 */
export const loadRare = (): Promise<RareCalls> => import('./rare.js').then((module) => module.rare).catch(throwLoadFailure)
