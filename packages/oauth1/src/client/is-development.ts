interface Host {
  readonly process?: { readonly env: { readonly NODE_ENV?: string } }
}

/**
 * False in an app that is built for production: bundlers replace this expression and drop what only development needs. True where
 * nothing says otherwise.
 */
export const IS_DEVELOPMENT: boolean = (globalThis as Host).process?.env.NODE_ENV !== 'production'
