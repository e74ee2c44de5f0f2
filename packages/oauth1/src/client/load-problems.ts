/** Loads the texts of errors. Apart from `lazy.ts`: the chunk that it loads needs these as well. */
export const loadProblems = (): Promise<typeof import('./problems.js')> => import('./problems.js')
