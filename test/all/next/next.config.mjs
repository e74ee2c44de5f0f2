// cspell:ignore turbopack
/** The app is part of a workspace: Next.js would guess the root. */
export default {
  turbopack: { root: new URL('../../..', import.meta.url).pathname },
}
