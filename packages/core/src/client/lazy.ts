import { createError } from '../errors/create-error.js'
import { OAuthClientError } from '../errors/errors.js'
import { throwLoadFailure } from '../errors/throw-load-failure.js'

// The dynamic imports of the initial bundle. `lazy-rare.ts` has those of the chunks that are loaded here. All are in these two
// files, because an import in the initial bundle also decides how the bundler cuts the modules that its chunk shares with others.

/**
 * Loads the code that signs a user in. An app that starts with a stored session does not wait for it: it is loaded for a sign-in, a
 * callback or a refresh, or when the browser is idle, so that a deployment that replaces the app's files does not take it away from an
 * open page.
 *
 * @throws NetworkError module_load_failed
 */
export const loadServerCalls: () => Promise<typeof import('./server-calls.js')> = /* @__PURE__ */ loadOnce(
  () => import('./server-calls.js'),
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
  // A refresh must not depend on another file once the server has its refresh token.
  async () => (await Promise.all([import('./session-calls.js'), loadRareCalls()]))[0],
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

/** Sends the response of a popup or iframe to the page that waits for it; needs nothing else of a client. */
export const loadSendResponse = (): Promise<typeof import('../sign-in/transports/send-response.js')> =>
  import('../sign-in/transports/send-response.js')

/** Turns whatever was thrown into an error of this library, with the texts of the error catalog if they can be loaded. */
export async function explain(cause: unknown): Promise<OAuthClientError> {
  const calls = await loadServerCalls().catch(() => undefined)
  if (calls) return calls.explainError(cause, async () => (await loadRareCalls()).loadErrorTexts())
  return cause instanceof OAuthClientError ? cause : createError('unexpected', undefined, { cause })
}
