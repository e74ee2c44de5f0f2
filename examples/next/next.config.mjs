// cspell:ignore turbopack
/** Next.js would guess the root from the lock files of folders above. */
export default { turbopack: { root: import.meta.dirname } }
