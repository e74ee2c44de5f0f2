declare const process: { readonly env: { readonly NODE_ENV?: string } }

/**
 * Is in the place of `is-development.ts` in what a bundler makes for browsers, see "browser" in package.json. Most bundlers replace only
 * `process.env.NODE_ENV` itself, which throws in a browser without one.
 */
export const IS_DEVELOPMENT: boolean = process.env.NODE_ENV !== 'production'
