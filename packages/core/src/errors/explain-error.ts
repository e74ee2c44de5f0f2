import { createError } from './create-error.js'
import { OAuthClientError } from './errors.js'

const LOAD_TIMEOUT_MS = 2000

/** Loads the texts of errors. They are a chunk of their own: an app that meets no error never fetches it. */
export type LoadErrorTexts = () => Promise<typeof import('./describe-error.js')>

/**
 * Turns whatever was thrown into an error of this library that has a message, a hint and a section.
 * Without that chunk (offline, or replaced by a deployment) it keeps its code and a short message.
 */
export async function explainError(cause: unknown, load: LoadErrorTexts): Promise<OAuthClientError> {
  const error = cause instanceof OAuthClientError ? cause : createError('unexpected', undefined, { cause })
  const isUnread = typeof error.claims === 'string'
  if (isUnread || error.hint === undefined || error.spec === undefined || error.message === error.code) {
    const texts = await withTimeout(load())
    if (texts) texts.describeError(error)
    else if (error.message === error.code) describeBriefly(error)
  }
  return error
}

const BRIEF_HINT = 'Check the network and try again.'

/** Most errors without texts are those of a network that is down. */
function describeBriefly(error: OAuthClientError): void {
  const { code, stack } = error
  error.message = `Error "${code}"; its description could not be loaded. ${BRIEF_HINT}`
  Object.assign(error, { hint: BRIEF_HINT, stack: stack?.replace(code, () => error.message) })
}

/** An error must be reported soon, even if the network hangs. @returns undefined if the texts cannot be loaded in time */
async function withTimeout<T>(loading: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const expired = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), LOAD_TIMEOUT_MS)))
  const texts = await Promise.race([loading, expired]).catch(() => undefined)
  clearTimeout(timer)
  return texts
}
