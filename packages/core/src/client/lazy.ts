import { createError } from '../errors/create-error.js'
import { OAuthClientError } from '../errors/errors.js'
import { throwLoadFailure } from '../errors/throw-load-failure.js'

// The dynamic imports of the initial bundle. `lazy-rare.ts` has those of the chunks that are loaded here. With these in this file, the
// initial bundle grows from 11,869 to 11,954 B, all chunks by 0.7 kB, and an app has 25 files instead of 22 (measured with Vite 8.3).

/**
 * Loads the code that signs a user in. An app that starts with a stored session does not wait for it: it is loaded for a sign-in, a
 * callback or a refresh, or when the browser is idle, so that a deployment that replaces the app's files does not take it away from an
 * open page.
 *
 * @throws NetworkError module_load_failed
 */
export const loadServerCalls: () => Promise<typeof import('./wire-sign-in.js')> = /* @__PURE__ */ loadOnce(
  () => import('./wire-sign-in.js'),
)

/**
 * Loads the code that uses tokens: `fetch` and `getAccessToken`. It is loaded by the first call, or when the browser is idle, as it is
 * while the stored session is read.
 *
 * @throws NetworkError module_load_failed
 */
export const loadAccessCalls: () => Promise<typeof import('./access-calls.js')> = /* @__PURE__ */ loadOnce(
  () => import('./access-calls.js'),
)

/**
 * Loads what a usual sign-in by redirect does not need.
 *
 * @throws NetworkError module_load_failed
 */
export const loadRareCalls: () => Promise<typeof import('./rare-calls.js')> = /* @__PURE__ */ loadOnce(
  () => import('./rare-calls.js'),
)

/**
 * Loads the code that a session needs: refresh, UserInfo, sign-out. A sign-in does not wait for it: it is loaded on first use, or when
 * the browser is idle after the sign-in, for the same reason.
 *
 * @throws NetworkError module_load_failed
 */
export const loadSessionCalls: () => Promise<typeof import('./session-calls.js')> = /* @__PURE__ */ loadOnce(
  () => import('./session-calls.js'),
)

/** @param load is called again after a failure: the chunk may be there when the network is back */
function loadOnce<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let loading: Promise<Module> | undefined
  return () =>
    (loading ??= load().catch((cause: unknown) => {
      loading = undefined
      throwLoadFailure(cause)
    }))
}

/** Turns whatever was thrown into an error of this library, with the texts of the error catalog if they can be loaded. */
export async function explain(cause: unknown): Promise<OAuthClientError> {
  const calls = await loadServerCalls().catch(() => undefined)
  if (calls) return calls.explainError(cause, async () => (await loadRareCalls()).loadErrorTexts())
  return cause instanceof OAuthClientError ? cause : createError('unexpected', undefined, { cause })
}
