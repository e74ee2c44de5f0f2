import { createError } from '../errors/create-error.js'
import { OAuthClientError } from '../errors/errors.js'

// The dynamic imports of the initial bundle. `lazy-rare.ts` has those of the chunk that `loadServerCalls` loads. All are in these two
// files, because an import in the initial bundle also decides how the bundler cuts the modules that its chunk shares with others.

type ServerCallsModule = typeof import('./server-calls.js')

let loading: Promise<ServerCallsModule> | undefined

/**
 * Loads the code that talks to the authorization server. An app that starts with a stored session does not wait for it: it is loaded for
 * a sign-in, a callback or a refresh, or when the browser is idle, so that a deployment that replaces the app's files does not take it
 * away from an open page.
 *
 * @throws NetworkError module_load_failed
 */
export function loadServerCalls(): Promise<ServerCallsModule> {
  loading ??= import('./server-calls.js').catch((cause: unknown) => {
    loading = undefined
    // The error catalog cannot be loaded either, so the texts are here.
    throw createError('module_load_failed', 'A file of the app could not be loaded.', {
      hint: 'Check the connection and reload the page.',
      retryable: true,
      cause,
    })
  })
  return loading
}

/** Sends the response of a popup or iframe to the page that waits for it; needs nothing else of a client. */
export const loadSendResponse = (): Promise<typeof import('../sign-in/transports/send-response.js')> =>
  import('../sign-in/transports/send-response.js')

/** Turns whatever was thrown into an error of this library, with the texts of the error catalog if they can be loaded. */
export async function explain(cause: unknown): Promise<OAuthClientError> {
  const calls = await loadServerCalls().catch(() => undefined)
  if (calls) return calls.explain(cause)
  return cause instanceof OAuthClientError ? cause : createError('unexpected', undefined, { cause })
}
