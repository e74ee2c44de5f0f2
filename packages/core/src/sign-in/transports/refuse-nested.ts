import { createError } from '../../errors/create-error.js'
import { isSignInFrame } from './sign-in-frame.js'

/**
 * Refuses a sign-in in the hidden frame of another one: the app that runs there would nest frames without end.
 *
 * @throws InteractionError iframe_blocked
 */
export function refuseNested(page: Window | undefined): void {
  if (isSignInFrame(page)) throw createError('iframe_blocked', ['nestedFrame'])
}
