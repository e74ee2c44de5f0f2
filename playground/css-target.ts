/**
 * The first browsers with `light-dark()`, for a build. What Vite writes in its place for older ones does not see the color scheme that
 * the page sets, so the arrows of a story would have no color.
 */
export const CSS_TARGET: readonly string[] = ['chrome123', 'firefox120', 'safari17.5']
