import { createError } from './create-error.js'
import type { SessionError } from './errors.js'

/** The error of a call that needs a signed-in user. */
export function missingToken(): SessionError {
  return createError('missing_token', 'no user is signed in: there is no token', { hint: 'Call login() first.' })
}
