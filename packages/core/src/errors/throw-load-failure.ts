import { createError } from './create-error.js'

/**
 * For an import that fails: offline, or a deployment has replaced the app's files. The texts of errors cannot be loaded either, so the texts
 * are here.
 *
 * @throws NetworkError module_load_failed
 */
export function throwLoadFailure(cause: unknown): never {
  throw createError('module_load_failed', 'A file of the app did not load.', {
    hint: 'Check the network and reload the page.',
    retryable: true,
    cause,
  })
}
