import { createError } from '../errors/create-error.js'

type Flows = typeof import('./flows.js')

let loading: Promise<Flows> | undefined

/**
 * Everything that talks to the authorization server is one chunk of its own: an app that starts with a stored session does not
 * wait for it. It comes from the app's own origin when a sign-in, a callback or a refresh needs it, and ahead of time when the
 * browser is idle, so that a deployment that replaces the app's files does not take it away from a page that is open.
 *
 * @throws NetworkError module_load_failed
 */
export function loadFlows(): Promise<Flows> {
  loading ??= import('./flows.js').catch((cause: unknown) => {
    loading = undefined
    throw createError('module_load_failed', 'the sign-in module could not be loaded from the app’s own server', {
      hint: 'Check the connection; after a new deployment of the app, reload the page.',
      retryable: true,
      cause,
    })
  })
  return loading
}
