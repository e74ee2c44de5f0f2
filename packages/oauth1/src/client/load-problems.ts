import { loadRare } from './lazy-rare.js'
import type { Problems } from './problems.js'

/** Loads what creates the errors of this package, with their texts. */
export const loadProblems = async (): Promise<Problems> => (await loadRare()).problems
