type Runtime = { readonly Buffer?: typeof Buffer }

/** Characters that every encoding keeps. */
const ASCII = /^[\x20-\x7e]*$/

/**
 * Returns a text that keeps no other text in memory: one that is joined or sliced keeps its parts, and JSON more room than it needs. Half
 * of the memory of a token was that. Other text than ASCII, and that of other runtimes, stays as it is.
 */
export function flatText(text: string): string {
  const { Buffer } = globalThis as Runtime
  return Buffer && ASCII.test(text) ? Buffer.from(text, 'latin1').toString('latin1') : text
}
