/** DPoP is loaded when the option is on, or a token says that it is bound to a key. */
export const loadDpop = (): Promise<typeof import('./dpop.js')> => import('./dpop.js')
