// The dynamic import of the registry, which is an entry of its own: an app without it has none of this code.

/** Loads the code for tokens that are stored for a user who is not signed in. */
export const loadStoredTokens = (): Promise<typeof import('./stored-tokens.js')> => import('./stored-tokens.js')
